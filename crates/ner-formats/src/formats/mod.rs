//! The formats that are read and written: one module each, one row each in the table [`FORMATS`].

pub mod docbin;

pub(crate) mod conllu;
pub(crate) mod job;
pub(crate) mod records;
pub(crate) mod token_lines;
pub(crate) mod training_json;

mod format;
mod markup;
mod morphology;
mod table;

pub use format::Format;
pub(crate) use format::Reader;
pub use table::FORMATS;

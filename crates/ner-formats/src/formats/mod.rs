//! The formats that are read and written: one module each, one row each in the table [`FORMATS`].

pub mod docbin;

pub(crate) mod brat;
pub(crate) mod conllu;
pub(crate) mod doccano;
pub(crate) mod job;
pub(crate) mod label_studio;
pub(crate) mod prodigy;
pub(crate) mod records;
pub(crate) mod token_lines;
pub(crate) mod training_json;

mod format;
mod markup;
mod morphology;
mod table;
mod writer;

pub use format::Format;
pub(crate) use format::Reader;
pub use table::FORMATS;
pub(crate) use writer::{DocWriter, Medium, Texts, Writer};

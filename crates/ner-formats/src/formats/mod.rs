//! The formats that are read and written: one module each, one row each in the table [`FORMATS`].

pub mod docbin;

pub(crate) mod bioc;
pub(crate) mod brat;
pub(crate) mod conllu;
pub(crate) mod delimited;
pub(crate) mod doccano;
pub(crate) mod gate;
pub(crate) mod job;
pub(crate) mod label_studio;
pub(crate) mod prodigy;
pub(crate) mod pubtator;
pub(crate) mod rasa;
pub(crate) mod records;
pub(crate) mod token_lines;
pub(crate) mod training_json;
pub(crate) mod uima;
pub(crate) mod webanno;

mod argilla;
mod dataturks;
mod hugging_face;
mod rasa_json;

mod dkpro;
mod format;
mod markup;
mod morphology;
mod table;
mod writer;
mod xml;

pub use format::Format;
pub(crate) use format::{Reader, Records};
pub use table::FORMATS;
pub(crate) use writer::{DocWriter, Medium, Texts, Writer};

//! Converters: corpora of other kinds to `.spacy`, training JSON or JSON Lines, as `spacy convert` does it.
//!
//! One folder a family of formats, each with a function that takes a [`Job`](job::Job); `run.rs` is the table of them.
//! Nothing is printed: messages go to a `report`, in the order in which they arise.

mod run;

mod converter;
mod error;
mod message;
mod options;

mod conllu;
mod iob;
mod json_lines;
mod training_json;

mod detect;
mod job;
mod morphology;
mod output;
mod source;
mod tag_order;

pub use converter::{Converter, FileType};
pub use error::ConvertError;
pub use message::{Level, Message};
pub use options::ConvertOptions;
pub use output::Output;
pub use run::{convert_file, convert_path};

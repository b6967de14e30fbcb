//! Converters: corpora of other kinds to `.spacy`, training JSON or JSON Lines, as `spacy convert` does it.
//!
//! Nothing is printed: what there is to tell goes to a `report`, in the order in which it happens.

mod conll;
mod conllu;
mod conllu_line;
mod conllu_ranges;
mod detect;
mod error;
mod json_layout;
mod json_lines;
mod json_paragraph;
mod json_reader;
mod json_writer;
mod message;
mod morphology;
mod options;
mod output;
mod run;
mod sentence_lines;
mod source;
mod tag_order;
mod tagged_token;

pub use error::ConvertError;
pub use message::{Level, Message};
pub use options::{ConvertOptions, Converter, FileType};
pub use output::Output;
pub use run::{convert_file, convert_path};

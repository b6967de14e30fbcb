//! A pipeline as files, in spaCy's own format.

mod described;
mod json;
mod load;
mod meta;
mod model;
mod save;
mod sink;

mod files;
mod vocab;

pub use files::PipelineFiles;
pub(crate) use json::{content, damaged, json_bytes, read_json};
pub use meta::Meta;
pub(crate) use model::{load_component, model_file};
pub use sink::FileSink;
pub(crate) use vocab::{LOOKUPS, VocabFiles, read_vectors};

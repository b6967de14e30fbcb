//! Conversion: corpora of any format to `.spacy` and others, as `spacy convert` does it.

mod error;
mod file_type;
mod options;
mod output;
mod run;

pub use error::ConvertError;
pub use file_type::FileType;
pub use options::ConvertOptions;
pub use output::Output;
pub use run::convert_path;

use crate::read::ReadOptions;

use super::FileType;

// With the feature `clap` the documentation of fields is the help of `ner convert`, whose options these are.
/// How to convert; the names are those of `spacy convert`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::Args))]
pub struct ConvertOptions {
    /// Type of data to produce.
    #[cfg_attr(feature = "clap", arg(short = 't', long, default_value = "spacy"))]
    pub file_type: FileType,
    /// How to read the input.
    #[cfg_attr(feature = "clap", command(flatten))]
    pub read: ReadOptions,
    /// Concatenate output to a single file.
    #[cfg_attr(feature = "clap", arg(short = 'C', long))]
    pub concatenate: bool,
}

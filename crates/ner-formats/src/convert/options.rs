use std::path::PathBuf;

use crate::read::ReadOptions;

use super::FileType;

// With the feature `clap` the documentation of fields is the help of `ner convert`, whose options these are.
/// How to convert; the names are those of `spacy convert`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::Args))]
pub struct ConvertOptions {
    /// Type of data to produce.
    #[cfg_attr(feature = "clap", arg(short = 't', long, default_value = "spacy", value_parser = file_types()))]
    pub file_type: FileType,
    /// How to read the input.
    #[cfg_attr(feature = "clap", command(flatten))]
    pub read: ReadOptions,
    /// Concatenate output to a single file.
    #[cfg_attr(feature = "clap", arg(short = 'C', long))]
    pub concatenate: bool,
    /// Write entities as predictions for an annotator to look at (label-studio).
    #[cfg_attr(feature = "clap", arg(long))]
    pub as_predictions: bool,
    /// JSON file for the accounts: what went in, what came out, and what was lost, file by file.
    #[cfg_attr(feature = "clap", arg(long))]
    pub report: Option<PathBuf>,
}

/// The formats that are written; help and errors list them.
#[cfg(feature = "clap")]
fn file_types() -> impl clap::builder::TypedValueParser<Value = FileType> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(FileType::all().map(FileType::name)).try_map(|name| name.parse::<FileType>())
}

#[cfg(all(test, feature = "clap"))]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        options: ConvertOptions,
    }

    #[test]
    fn the_format_to_write_is_one_that_is_written() {
        let parse = |arguments: &[&str]| Command::try_parse_from([&["convert"], arguments].concat());
        assert_eq!(parse(&[]).ok().map(|command| command.options), Some(ConvertOptions::default()));
        assert_eq!(parse(&["-t", "brat"]).ok().map(|command| command.options.file_type.name()), Some("brat"));
        let refused = parse(&["-t", "conllu"]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains("spacy, ") && refused.contains("conll"), "{refused}");
    }
}

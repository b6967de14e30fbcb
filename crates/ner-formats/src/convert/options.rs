use std::path::PathBuf;

use super::{Converter, FileType};
use crate::jsonl::JsonlSettings;

// With the feature `clap` the documentation of fields is the help of `ner convert`, whose options these are.
/// How to convert; the names are those of `spacy convert`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::Args))]
pub struct ConvertOptions {
    /// Type of data to produce: spacy, json or jsonl.
    #[cfg_attr(feature = "clap", arg(short = 't', long, default_value = "spacy"))]
    pub file_type: FileType,
    /// Number of sentences per document (0 to disable).
    #[cfg_attr(feature = "clap", arg(short, long, default_value_t = 1))]
    pub n_sents: usize,
    /// Segment sentences (token-per-line formats).
    #[cfg_attr(feature = "clap", arg(short, long))]
    pub seg_sents: bool,
    /// Pipeline to segment sentences with; not available yet.
    #[cfg_attr(feature = "clap", arg(short = 'b', long, visible_alias = "base"))]
    pub model: Option<String>,
    /// Append morphology to tags (CoNLL-U).
    #[cfg_attr(feature = "clap", arg(short, long))]
    pub morphology: bool,
    /// Merge CoNLL-U subtokens.
    #[cfg_attr(feature = "clap", arg(short = 'T', long))]
    pub merge_subtokens: bool,
    /// Converter: auto, conllubio, conllu, conll, ner, iob, json, jsonl or spacy.
    // The path in full keeps clap from taking `None` for an option that was left out: `auto` is `None`.
    #[cfg_attr(feature = "clap", arg(short, long, default_value = "auto", value_parser = Converter::or_auto))]
    pub converter: std::option::Option<Converter>,
    /// JSON file that maps labels to labels, or to "" for none (CoNLL-U).
    #[cfg_attr(feature = "clap", arg(long))]
    pub ner_map: Option<PathBuf>,
    /// Language, where texts come without tokens.
    #[cfg_attr(feature = "clap", arg(short, long, default_value = "en"))]
    pub lang: String,
    /// How records of JSON Lines become documents.
    #[cfg_attr(feature = "clap", arg(skip))]
    pub jsonl: JsonlSettings,
    /// Concatenate output to a single file.
    #[cfg_attr(feature = "clap", arg(short = 'C', long))]
    pub concatenate: bool,
}

impl Default for ConvertOptions {
    fn default() -> ConvertOptions {
        ConvertOptions {
            file_type: FileType::Spacy,
            n_sents: 1,
            seg_sents: false,
            model: None,
            morphology: false,
            merge_subtokens: false,
            converter: None,
            ner_map: None,
            lang: "en".to_owned(),
            jsonl: JsonlSettings::default(),
            concatenate: false,
        }
    }
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
    fn a_command_without_options_converts_by_the_defaults() {
        assert_eq!(Command::parse_from(["convert"]).options, ConvertOptions::default());
    }

    #[test]
    fn a_converter_is_named_or_found_out() {
        let converter = |name| Command::parse_from(["convert", "-c", name]).options.converter;
        assert_eq!(converter("auto"), None);
        assert_eq!(converter("conllu"), Some(Converter::Conllu));
    }
}

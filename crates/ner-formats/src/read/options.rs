use std::path::PathBuf;

use crate::Format;
use crate::record::{OffsetChoice, RecordSettings};
use crate::source::Encoding;

// With the feature `clap` the documentation of fields is the help of `ner convert`, whose options these are.
/// How to read files; the names are those of `spacy convert` where it has them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::Args))]
pub struct ReadOptions {
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
    /// Format of the input instead of the one that its content shows; `auto`: by the content.
    // The path in full keeps clap from taking `None` for an option that was left out: `auto` is `None`.
    #[cfg_attr(
        feature = "clap",
        arg(short = 'c', long = "converter", visible_alias = "format", default_value = "auto", value_parser = parse_format)
    )]
    pub format: std::option::Option<&'static Format>,
    /// JSON file that maps labels to labels, or to "" to drop them.
    #[cfg_attr(feature = "clap", arg(long, visible_alias = "ner-map"))]
    pub label_map: Option<PathBuf>,
    /// Language, where texts come without tokens.
    #[cfg_attr(feature = "clap", arg(short, long, default_value = "en"))]
    pub lang: String,
    /// How spans count: chars, bytes or utf16, with `,inclusive`, `,+1` or `,crlf` as needed; `auto`: as makes all fit.
    #[cfg_attr(feature = "clap", arg(long, default_value = "chars"))]
    pub offsets: OffsetChoice,
    /// Column of the words or the texts in tables with a header, by its name.
    #[cfg_attr(feature = "clap", arg(long))]
    pub text_column: Option<String>,
    /// Encoding of text files, if not UTF-8 or UTF-16: windows-1252.
    #[cfg_attr(feature = "clap", arg(long))]
    pub encoding: Option<Encoding>,
    /// Go on after records that cannot be read, and count them.
    #[cfg_attr(feature = "clap", arg(long))]
    pub skip_bad: bool,
    /// Fail if anything is lost.
    #[cfg_attr(feature = "clap", arg(long))]
    pub strict: bool,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            n_sents: 1,
            seg_sents: false,
            model: None,
            morphology: false,
            merge_subtokens: false,
            format: None,
            label_map: None,
            lang: "en".to_owned(),
            offsets: OffsetChoice::default(),
            text_column: None,
            encoding: None,
            skip_bad: false,
            strict: false,
        }
    }
}

impl ReadOptions {
    /// How records become documents.
    pub(crate) fn records(&self) -> RecordSettings {
        RecordSettings { offsets: self.offsets, skips_bad: self.skip_bad }
    }
}

/// The format of a name; `None` for `auto`.
#[cfg(feature = "clap")]
fn parse_format(name: &str) -> Result<Option<&'static Format>, crate::convert::ConvertError> {
    if name == "auto" { Ok(None) } else { name.parse().map(Some) }
}

#[cfg(all(test, feature = "clap"))]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        options: ReadOptions,
    }

    #[test]
    fn a_command_without_options_reads_by_the_defaults() {
        assert_eq!(Command::parse_from(["convert"]).options, ReadOptions::default());
    }

    #[test]
    fn a_format_is_named_or_found_out() {
        let format = |name| Command::parse_from(["convert", "-c", name]).options.format;
        assert_eq!(format("auto"), None);
        assert_eq!(format("conllu"), Format::named("conllu"));
    }
}

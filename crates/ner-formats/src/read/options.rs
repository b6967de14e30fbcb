use std::num::NonZeroI32;
use std::path::PathBuf;

use crate::Format;
use crate::record::{OffsetChoice, RecordSettings};
use crate::source::Encoding;
use crate::tags::Scheme;

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
    /// Column of the tags in token-per-line files, from 1, or from the last one: -1 (otherwise the last).
    #[cfg_attr(feature = "clap", arg(long, allow_negative_numbers = true, value_name = "N"))]
    pub tag_column: Option<NonZeroI32>,
    /// Column of the words in token-per-line files (otherwise the first that is no running number).
    #[cfg_attr(feature = "clap", arg(long, allow_negative_numbers = true, value_name = "N"))]
    pub token_column: Option<NonZeroI32>,
    /// Scheme of the tags: iob1, iob2, biluo, bioes, bmes, io (labels alone); `auto`: as their letters show.
    #[cfg_attr(feature = "clap", arg(long, default_value = "auto", value_parser = parse_scheme))]
    pub scheme: std::option::Option<Scheme>,
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
    /// Column of the words or the texts in tables with a header, or key of JSON records, by its name.
    #[cfg_attr(feature = "clap", arg(long))]
    pub text_column: Option<String>,
    /// Encoding of text files, if their first bytes do not show it: windows-1252, utf-16le, utf-16be.
    #[cfg_attr(feature = "clap", arg(long))]
    pub encoding: Option<Encoding>,
    /// Go on after records that cannot be read, and count them (not in spacy, json, conllu, conll and iob).
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
            tag_column: None,
            token_column: None,
            scheme: None,
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
        RecordSettings { offsets: self.offsets, scheme: self.scheme, skips_bad: self.skip_bad }
    }
}

/// The format of a name; `None` for `auto`.
#[cfg(feature = "clap")]
fn parse_format(name: &str) -> Result<Option<&'static Format>, crate::convert::ConvertError> {
    if name == "auto" { Ok(None) } else { name.parse().map(Some) }
}

/// The scheme of a name; `None` for `auto`.
#[cfg(feature = "clap")]
fn parse_scheme(name: &str) -> Result<Option<Scheme>, String> {
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

    #[test]
    fn columns_count_from_either_end() {
        let columns = |arguments: &[&str]| {
            let options = Command::parse_from([&["convert"], arguments].concat()).options;
            (options.token_column.map(i32::from), options.tag_column.map(i32::from))
        };
        assert_eq!(columns(&["--token-column", "2", "--tag-column", "-1"]), (Some(2), Some(-1)));
        assert_eq!(columns(&[]), (None, None));
        assert_eq!(Command::parse_from(["convert", "--scheme", "bmes"]).options.scheme, Some(Scheme::Bmes));
    }
}

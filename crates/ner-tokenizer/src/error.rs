use thiserror::Error;

use crate::pattern::{PatternError, TooSlow};

/// Why rules cannot be read, or a text cannot be split by them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenizerError {
    /// No rules come with the crate for this language.
    #[error(
        "no tokenization rules are built in for the language `{lang}`, only for {}: give the `tokenizer` file of a \
         pipeline in that language, in a config as `ner init config --tokenizer` writes it",
        known.join(", ")
    )]
    UnknownLanguage {
        /// The language's code.
        lang: String,
        /// The languages whose rules are built in.
        known: Vec<&'static str>,
    },
    /// The bytes are not one MessagePack value.
    #[error("tokenizer file: not MessagePack: {problem}")]
    NotMessagePack {
        /// The message of the decoder.
        problem: String,
    },
    /// The file's content has another shape than spaCy gives it.
    #[error("tokenizer file: {place} is {found}, expected {expected}")]
    Malformed {
        /// The key, or the path of keys.
        place: String,
        /// The kind of value that is there.
        found: &'static str,
        /// The kind of value that should be there.
        expected: &'static str,
    },
    /// A pattern that Python's `re` would refuse, or one of the few things that are not supported here.
    #[error("pattern of {rule}, byte {at}: {problem}")]
    Pattern {
        /// The rule, named as in the file.
        rule: &'static str,
        /// The place in the pattern.
        at: usize,
        /// The fault.
        problem: &'static str,
    },
    /// A pattern that does not come to an end in reasonable time.
    #[error(
        "pattern of {rule}: gave up on a word of {length} bytes after too many steps; repetitions within \
         repetitions make a pattern slow"
    )]
    TooSlow {
        /// The rule, named as in the file.
        rule: &'static str,
        /// The length of the word.
        length: usize,
    },
    /// Another program makes the tokens of this pipeline.
    #[error(
        "texts of this pipeline are split into tokens by `{program}`, which is not available here; pass documents \
         that have tokens: .spacy files, or JSON Lines with \"tokens\""
    )]
    Elsewhere {
        /// The program's name.
        program: String,
    },
    /// A registered splitter failed, or its words do not make up the text.
    #[error("the registered tokenizer failed: {message}")]
    Splitter {
        /// The cause.
        message: String,
    },
    /// A text of more characters than are taken at once (spaCy's E088).
    #[error(
        "the text has {n_chars} characters, and max_length allows {max_length}, since long texts take much memory; \
         cut it into shorter texts, or raise max_length"
    )]
    TextTooLong {
        /// Characters of the text.
        n_chars: usize,
        /// Characters that are allowed.
        max_length: usize,
    },
    /// The tokens of a special case do not make up its text (spaCy's E997).
    #[error("special case `{text}`: its tokens together give `{tokens}`, and must give the text itself")]
    SpecialCaseText {
        /// The text.
        text: String,
        /// The tokens' texts, joined.
        tokens: String,
    },
    /// A token of a special case sets more than its text and norm (spaCy's E1005).
    #[error("special case `{text}`: a token sets {attribute}, and may only set ORTH and NORM")]
    SpecialCaseAttribute {
        /// The text of the special case.
        text: String,
        /// The attribute's name or number.
        attribute: String,
    },
    /// A token of a special case has no text.
    #[error("special case `{text}`: a token has no ORTH")]
    SpecialCaseOrth {
        /// The text of the special case.
        text: String,
    },
}

impl TokenizerError {
    pub(crate) fn pattern(rule: &'static str, PatternError { at, problem }: PatternError) -> TokenizerError {
        TokenizerError::Pattern { rule, at, problem }
    }

    pub(crate) fn too_slow(rule: &'static str, TooSlow { length }: TooSlow) -> TokenizerError {
        TokenizerError::TooSlow { rule, length }
    }
}

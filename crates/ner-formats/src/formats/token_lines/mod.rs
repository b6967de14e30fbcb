//! Words with entity tags: the formats without syntax, a token a line or a sentence a line.

mod detect;
mod sentence_lines;
mod tagged_token;
mod token_lines;
mod writer;

pub(super) use sentence_lines::convert as convert_sentence_lines;
pub(super) use token_lines::convert as convert_token_lines;
pub(super) use writer::{to_sentence_lines, to_token_lines};

pub(crate) use detect::{Lines, detect_lines};

use crate::source::Sample;

/// Whether the first lines are sentences of `word|TAG`.
pub(super) fn looks_like_sentences(sample: &Sample<'_>) -> bool {
    sample.json.is_none() && detect_lines(sample.text) == Some(Lines::Sentences)
}

/// Whether the first lines are tokens with a tag.
pub(super) fn looks_like_tokens(sample: &Sample<'_>) -> bool {
    sample.json.is_none() && detect_lines(sample.text) == Some(Lines::Tokens)
}

//! Words with IOB tags: the formats without syntax, a token a line or a sentence a line.

mod sentence_lines;
mod tagged_token;
mod token_lines;

pub(super) use sentence_lines::convert as convert_sentence_lines;
pub(super) use token_lines::convert as convert_token_lines;

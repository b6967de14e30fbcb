//! Words with entity tags: the formats without syntax, a token a line or a sentence a line.

mod boundaries;
mod columns;
mod detect;
mod find_columns;
mod first_rows;
mod layout;
mod reader;
mod sentence_lines;
mod split;
mod tagged_token;
mod writer;

pub(super) use reader::convert as convert_token_lines;
pub(super) use sentence_lines::convert as convert_sentence_lines;
pub(super) use writer::{to_sentence_lines, to_token_lines};

pub(crate) use detect::{Lines, detect_lines};
pub(super) use detect::{looks_like_sentences, looks_like_tokens};

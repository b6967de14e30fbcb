//! CoNLL-U: ten columns with syntax, entities in the last one.

mod doc;
mod line;
mod ranges;
mod reader;
mod word;

pub(super) use reader::convert;

use crate::source::Sample;

/// Ten columns separated by tabs, the first of them a number.
pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let mut lines = sample.lines().filter(|line| !line.starts_with('#')).take(8).peekable();
    let is_word =
        |line: &str| line.split('\t').count() == 10 && line.starts_with(|first: char| first.is_ascii_digit());
    lines.peek().is_some() && lines.all(is_word)
}

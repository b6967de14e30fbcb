use super::text_index::TextIndex;
use super::{OffsetChoice, OffsetUnit};
use crate::read::ReadOptions;

/// A text of a format whose offsets count UTF-16 units, as strings of Java and JavaScript do.
pub(crate) struct Utf16Text {
    /// `None`: the options say how offsets count, and what they say holds.
    index: Option<TextIndex>,
}

impl Utf16Text {
    pub(crate) fn of(text: &str, options: &ReadOptions) -> Utf16Text {
        let is_given = options.offsets != OffsetChoice::default();
        Utf16Text { index: (!is_given).then(|| TextIndex::of(text)) }
    }

    /// The bounds of a span as records have them.
    pub(crate) fn span(&self, begin: usize, end: usize) -> (usize, usize) {
        let Some(index) = &self.index else { return (begin, end) };
        let chars = |unit| index.char_at(OffsetUnit::Utf16, unit);
        // What is no place of the text has to lie behind its end in characters as well, so that it counts as lost.
        let misplaced = |unit: usize| index.n_chars() + 1 + unit.saturating_sub(index.n_units());
        (chars(begin).unwrap_or_else(|| misplaced(begin)), chars(end).unwrap_or_else(|| misplaced(end)))
    }
}

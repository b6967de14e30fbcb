use std::fmt;

/// A labelled stretch of a record's text: characters `start..end`, in code points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextSpan {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Label.
    pub label: String,
    /// Knowledge-base id; empty if there is none.
    pub kb_id: String,
    /// Id; empty if there is none.
    pub id: String,
}

impl TextSpan {
    pub(super) fn overlaps(&self, other: &TextSpan) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether both say the same of the same characters.
    pub(super) fn is_same(&self, other: &TextSpan) -> bool {
        (self.start, self.end, &self.label) == (other.start, other.end, &other.label)
    }
}

impl fmt::Display for TextSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the span {}..{} ({})", self.start, self.end, self.label)
    }
}

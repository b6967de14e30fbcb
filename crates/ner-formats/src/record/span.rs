use std::fmt;

/// A labelled stretch of a record's text: characters `start..end`, in code points.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The text of the span, if the record gives it beside the bounds.
    pub text: Option<String>,
    /// The tokens that the record names beside the bounds, without holding them itself.
    pub(super) tokens: Option<(usize, usize)>,
    /// Whether the bounds are places of the text; if not, they stand as the record has them.
    pub(super) is_placed: bool,
}

impl Default for TextSpan {
    fn default() -> TextSpan {
        TextSpan {
            start: 0,
            end: 0,
            label: String::new(),
            kb_id: String::new(),
            id: String::new(),
            text: None,
            tokens: None,
            is_placed: true,
        }
    }
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

/// Whether a stretch of text is `own`, white space aside: tools write line ends and runs of spaces in their own way.
pub(crate) fn is_same_text(selected: &str, own: &str) -> bool {
    let visible = |c: &char| !c.is_whitespace();
    selected.chars().filter(visible).eq(own.chars().filter(visible))
}

impl fmt::Display for TextSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the span {}..{} ({})", self.start, self.end, self.label)
    }
}

use std::ops::Range;

/// A text in pieces, special ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedText {
    /// The pieces.
    pub ids: Vec<u32>,
    /// The characters of each in the text, counted in code points; none for special pieces.
    pub offsets: Vec<Range<usize>>,
}

/// A fault of a pattern, and the byte where it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatternError {
    pub(crate) at: usize,
    pub(crate) problem: &'static str,
}

/// A search took more steps than any sensible rule needs on a text of `length` bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooSlow {
    pub(crate) length: usize,
}

/// Examples of one intent, or the values of a synonym, an expression or a table.
pub(super) struct Section {
    pub(super) kind: String,
    pub(super) examples: Vec<Example>,
}

/// An example with its annotation, as `go to [Berlin](city)`.
pub(super) struct Example {
    pub(super) line: usize,
    pub(super) text: String,
}

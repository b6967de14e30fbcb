use crate::{RaggedRows, WeightedRows};

/// A batch of documents as an encoder reads it: windows of pieces, and which rows of its output belong to each token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pieces {
    /// The pieces of all windows, one after the other, special ones included. The encoder gives a row for each.
    pub ids: Vec<u32>,
    /// The number of pieces of each window.
    pub lengths: Vec<usize>,
    /// How rows of the encoder's output become rows of pieces where windows overlap and special pieces fall away; nothing
    /// if each row of the output is that of a piece already.
    pub joined: Option<WeightedRows>,
    /// For each token of all documents, the rows of pieces that belong to it.
    pub tokens: RaggedRows,
}

impl Pieces {
    /// The number of rows that tokens refer to: of the pieces after joining.
    pub fn n_rows(&self) -> usize {
        self.joined.as_ref().map_or(self.ids.len(), WeightedRows::len)
    }

    /// The number of pieces of the longest window.
    pub fn longest_window(&self) -> usize {
        self.lengths.iter().copied().max().unwrap_or_default()
    }
}

use std::ops::Range;
use std::sync::Arc;

use ner_layers::{Centres, RowSums};

/// The rows of an array that holds sequences, with rows of zeros before, between and after them. Empty sequences take no
/// part: no padding stands around them.
pub(super) struct PaddedRows {
    /// The rows of each sequence.
    sequences: Vec<Range<usize>>,
    padding: usize,
    pub(super) n_rows: usize,
}

impl PaddedRows {
    /// Lays out sequences of the given lengths, with `padding` rows of zeros around each. Neighbours share theirs.
    pub(super) fn new(lengths: &[usize], padding: usize) -> PaddedRows {
        let mut n_rows = padding;
        let mut place = |length: usize| {
            let rows = n_rows..n_rows + length;
            n_rows = rows.end + padding;
            rows
        };
        let sequences = lengths.iter().filter(|&&length| length > 0).map(|&length| place(length)).collect();
        PaddedRows { sequences, padding, n_rows }
    }

    /// The number of rows that are tokens.
    pub(super) fn n_tokens(&self) -> usize {
        self.sequences.iter().map(Range::len).sum()
    }

    /// The token of each row; [`RowSums::ZEROS`] for rows of zeros.
    pub(super) fn sources(&self) -> Vec<u32> {
        let mut sources = vec![RowSums::ZEROS; self.n_rows];
        let rows = self.sequences.iter().cloned().flatten();
        rows.zip(0..).for_each(|(row, token)| sources[row] = token);
        sources
    }

    /// The rows that each of `n_layers` layers reads and computes: rows of zeros only as far as a later layer sees them
    /// from a token.
    ///
    /// All layers could compute all rows: between two documents that would be four rows for each of four layers, of which
    /// the last layer's are read by nothing.
    pub(super) fn of_layers(
        &self,
        n_layers: usize,
        window_size: usize,
    ) -> impl Iterator<Item = LayerRows<'_>> {
        let mut inputs = self.within(self.padding);
        (1..=n_layers).map(move |n_done| {
            // There may be no padding at all: around mish, and around version 2 inside of version 1.
            let outputs = self.within(self.padding.saturating_sub(n_done * window_size));
            let inputs = std::mem::replace(&mut inputs, outputs.clone());
            LayerRows { padded: self, inputs, outputs }
        })
    }

    /// For each sequence the rows that are no further from its tokens than `distance`. A row that is near to two of them
    /// is given to the first.
    fn within(&self, distance: usize) -> Arc<[Range<usize>]> {
        let mut next = 0;
        let near = self.sequences.iter().map(|sequence| {
            let first = next.max(sequence.start.saturating_sub(distance));
            next = self.n_rows.min(sequence.end + distance);
            first..next
        });
        near.collect()
    }
}

/// The rows that one layer of a stack works on.
pub(super) struct LayerRows<'a> {
    pub(super) padded: &'a PaddedRows,
    /// The rows that the layer reads, ascending.
    inputs: Arc<[Range<usize>]>,
    /// The rows that it computes, a part of those it reads.
    outputs: Arc<[Range<usize>]>,
}

impl LayerRows<'_> {
    /// The places of the outputs among the inputs. The layer's input holds only the rows that it reads, one after the
    /// other, so rows of the padded array have other numbers there.
    pub(super) fn centres(&self) -> Arc<Centres> {
        let mut inputs = (0..).zip(self.inputs.iter().cloned().flatten());
        // Outputs ascend as inputs do: one pass over the inputs finds them all.
        let place = |outputs: &Range<usize>| {
            let (place, _) = inputs.find(|&(_, input)| input == outputs.start)?;
            Some(place..place + outputs.len())
        };
        Arc::new(Centres::new(self.outputs.iter().filter_map(place)))
    }

    /// The rows of the padded array that the layer computes.
    pub(super) fn output_rows(&self) -> Arc<[u32]> {
        self.outputs.iter().cloned().flatten().map(|row| row as u32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZEROS: u32 = RowSums::ZEROS;

    #[test]
    fn rows_of_zeros_stand_around_each_sequence_that_is_not_empty() {
        let padded = PaddedRows::new(&[2, 0, 1], 1);
        assert_eq!(padded.sources(), [ZEROS, 0, 1, ZEROS, 2, ZEROS]);
        assert_eq!((padded.n_rows, padded.n_tokens()), (6, 3));
        assert_eq!(PaddedRows::new(&[2, 0, 1], 0).sources(), [0, 1, 2]);
    }

    #[test]
    fn later_layers_compute_fewer_rows_of_zeros() {
        let padded = PaddedRows::new(&[2, 1], 2);
        let rows: Vec<_> = padded.of_layers(2, 1).map(|rows| rows.output_rows().to_vec()).collect();
        assert_eq!(rows, [vec![1, 2, 3, 4, 5, 6, 7], vec![2, 3, 6]]);
    }

    #[test]
    fn centres_are_places_among_the_rows_that_a_layer_reads() {
        let padded = PaddedRows::new(&[2, 1], 2);
        let centres: Vec<_> = padded.of_layers(2, 1).map(|rows| rows.centres().rows().to_vec()).collect();
        assert_eq!(centres, [vec![1, 2, 3, 4, 5, 6, 7], vec![1, 2, 5]]);
    }
}

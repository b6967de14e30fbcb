use crate::host::weighted_rows::WeightedRow;

/// Rows of a block: few enough that their windows stay in the first cache, enough to make up for reading and writing the
/// sums of the weights once a block.
pub(super) const BLOCK_ROWS: usize = 64;

/// Pieces that rows are sorted by at once: as many as there are bytes for counters.
pub(super) const PIECES_AT_ONCE: usize = size_of::<u64>();

// A row's place is the counter's low bits, and the counter itself is a byte that reaches BLOCK_ROWS.
const _: () = assert!(BLOCK_ROWS.is_power_of_two() && BLOCK_ROWS <= 128);

/// The rows of a block by the piece that their gradient goes to, for some pieces.
pub(super) struct RowsOfPieces {
    rows: [[WeightedRow; BLOCK_ROWS]; PIECES_AT_ONCE],
    /// How many rows each piece has, one byte each, that of the first piece lowest.
    ///
    /// An array of counters would be in memory, and each row would wait for the count that the row before has stored there:
    /// neighbouring rows often have the same piece. In one register they need not, which takes a sixth off the gradients of
    /// a layer's weights.
    counts: u64,
}

impl RowsOfPieces {
    pub(super) fn new() -> RowsOfPieces {
        let none = WeightedRow { start: 0, weight: 0.0 };
        RowsOfPieces { rows: [[none; BLOCK_ROWS]; PIECES_AT_ONCE], counts: 0 }
    }

    /// Takes in the starts, gradients and pieces of a block's rows, as far as they belong to pieces from `first` on.
    #[inline(always)]
    pub(super) fn sort(&mut self, first: usize, rows: impl Iterator<Item = ((usize, f32), usize)>) {
        let mut counts = 0;
        for ((start, weight), piece) in rows {
            // Pieces before `first` wrap around and are left out as well.
            let piece = piece.wrapping_sub(first);
            if piece < PIECES_AT_ONCE {
                // The remainder does two things at once: it cuts off the counters of the pieces above, and proves to the
                // compiler that the row lies inside of the array. It never wraps, as a block has at most BLOCK_ROWS rows.
                let row = (counts >> (8 * piece)) as usize % BLOCK_ROWS;
                self.rows[piece][row] = WeightedRow { start, weight };
                counts += 1 << (8 * piece);
            }
        }
        self.counts = counts;
    }

    /// The rows of a piece among those that were sorted last, in their order.
    #[inline(always)]
    pub(super) fn of(&self, piece: usize) -> &[WeightedRow] {
        let piece = piece % PIECES_AT_ONCE;
        &self.rows[piece][..usize::from(self.counts.to_le_bytes()[piece])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_by_piece_in_their_order() {
        let mut rows_of_pieces = RowsOfPieces::new();
        let pieces = |row: usize| row * row % 11;
        for first in [0, PIECES_AT_ONCE] {
            let rows = (0..BLOCK_ROWS).map(|row| ((row, row as f32), pieces(row)));
            rows_of_pieces.sort(first, rows);
            for piece in first..first + PIECES_AT_ONCE {
                let found: Vec<usize> = rows_of_pieces.of(piece).iter().map(|row| row.start).collect();
                let expected: Vec<usize> = (0..BLOCK_ROWS).filter(|&row| pieces(row) == piece).collect();
                assert_eq!(found, expected, "piece {piece}");
            }
        }
    }

    #[test]
    fn one_piece_may_have_all_rows_of_a_block() {
        for piece in 0..PIECES_AT_ONCE {
            let mut rows_of_pieces = RowsOfPieces::new();
            rows_of_pieces.sort(0, (0..BLOCK_ROWS).map(|row| ((row, 1.0), piece)));
            assert_eq!(rows_of_pieces.of(piece).len(), BLOCK_ROWS);
            assert!((0..PIECES_AT_ONCE).all(|other| other == piece || rows_of_pieces.of(other).is_empty()));
        }
    }
}

use ner_doc::Doc;
use rayon::prelude::*;

use super::PieceEncoder;
use super::piece_encoder::DocPieces;
use crate::{Pieces, PiecesError, WeightedRows};

/// Documents in windows of pieces that overlap: `WithStridedSpans.v1`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct StridedPieces {
    stride: usize,
    window: usize,
}

impl StridedPieces {
    /// Windows of `window` pieces, each `stride` after the one before.
    ///
    /// # Errors
    /// If a stride is shorter than half of a window or longer than it.
    pub fn new(stride: usize, window: usize) -> Result<StridedPieces, PiecesError> {
        if stride > 0 && (window / 2..=window).contains(&stride) {
            return Ok(StridedPieces { stride, window });
        }
        let mend = format!("set stride to a number from {} to {}", (window / 2).max(1), window.max(1));
        Err(PiecesError::Windows { stride, window, expected: "window / 2 <= stride <= window", mend })
    }

    /// The pieces of documents. Rows of tokens count joined rows, without those of the pieces at the beginning and end of each
    /// document. A document without other pieces has no window.
    pub fn pieces(self, encoder: &PieceEncoder, docs: &[&Doc]) -> Pieces {
        let docs: Vec<DocPieces> = docs.par_iter().map(|doc| encoder.encode(doc)).collect();
        let mut pieces = Pieces { joined: Some(WeightedRows::default()), ..Pieces::default() };
        for doc in &docs {
            self.add(doc, &mut pieces);
        }
        pieces
    }

    fn add(self, doc: &DocPieces, pieces: &mut Pieces) {
        let n_pieces = doc.ids.len();
        let inner = 1..n_pieces - 1;
        let first_row = pieces.n_rows();
        if !inner.is_empty() {
            // Where the rows of each window begin in the output of the encoder.
            let mut starts = Vec::new();
            for start in (0..n_pieces).step_by(self.stride) {
                let window = &doc.ids[start..n_pieces.min(start + self.window)];
                starts.push(pieces.ids.len());
                pieces.ids.extend_from_slice(window);
                pieces.lengths.push(window.len());
            }
            let joined = pieces.joined.get_or_insert_default();
            for piece in inner {
                joined.push(&self.join(piece, &starts));
            }
        }
        let mut row = first_row as u32;
        for &length in &doc.lengths[1..doc.lengths.len() - 1] {
            pieces.tokens.push(row..row + length as u32);
            row += length as u32;
        }
    }

    /// The rows of windows of which that of a piece is made, ascending, with weights.
    // spaCy: where windows overlap, both become their mean, from the first window to the last, so that a piece in three of
    // them has more of the later ones (_apply_to_overlaps in models/with_strided_spans.py of spacy_curated_transformers).
    fn join(self, piece: usize, starts: &[usize]) -> Vec<(u32, f32)> {
        let (mut window, mut place) = (piece / self.stride, piece % self.stride);
        let mut weight = 1.0;
        let mut terms = Vec::new();
        while window > 0 && place < self.window - self.stride {
            weight /= 2.0;
            terms.push(((starts[window] + place) as u32, weight));
            window -= 1;
            place += self.stride;
        }
        terms.push(((starts[window] + place) as u32, weight));
        terms.reverse();
        terms
    }
}

use ner_layers::{PackedMatrix, Rows};
use pulp::Arch;

use super::forward::scale_and_shift;
use super::norm::normalise;
use super::weights::Norm;

/// What embeddings are made of, row by row.
#[derive(Debug)]
pub(crate) struct Tables<'a> {
    /// `[pieces, width]`, as is the next
    pub(crate) words: &'a [f32],
    /// `[positions, width]`
    pub(crate) positions: &'a [f32],
    /// The first of the types, `[width]`; empty if there are none.
    pub(crate) kind: &'a [f32],
    pub(crate) norm: Norm<'a>,
    pub(crate) epsilon: f32,
}

impl Tables<'_> {
    /// The embeddings of pieces in prediction: `[pieces, width]`
    pub(crate) fn embed(&self, ids: &[u32], positions: &[u32]) -> Vec<f32> {
        let width = self.norm.gain.len();
        let mut output = vec![0.0; ids.len() * width];
        let row = |table: &'_ [f32], row: u32| -> std::ops::Range<usize> {
            debug_assert!((row as usize + 1) * width <= table.len(), "ids are checked before");
            row as usize * width..(row as usize + 1) * width
        };
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let mut sum = vec![0.0; width];
                let places = ids.iter().zip(positions);
                for (output, (&id, &position)) in output.chunks_exact_mut(width).zip(places) {
                    sum.copy_from_slice(&self.words[row(self.words, id)]);
                    // In the order in which transformers adds them: word, type, position.
                    for (sum, value) in sum.iter_mut().zip(self.kind) {
                        *sum += value;
                    }
                    let position = &self.positions[row(self.positions, position)];
                    for (sum, value) in sum.iter_mut().zip(position) {
                        *sum += value;
                    }
                    normalise(&mut sum, self.epsilon);
                    scale_and_shift(&sum, &self.norm, output);
                }
            },
        );
        output
    }
}

/// The rows of narrow embeddings brought to the width of the layers, by weights `[outputs, inputs]`.
pub(crate) fn project(rows: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let matrix = PackedMatrix::from_columns(weight, weight.len() / bias.len());
    let mut output = matrix.product(Rows::ByRow(rows));
    for row in output.chunks_exact_mut(bias.len()) {
        for (value, bias) in row.iter_mut().zip(bias) {
            *value += bias;
        }
    }
    output
}

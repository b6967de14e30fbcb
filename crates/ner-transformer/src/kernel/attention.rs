//! Attention within windows: each row of a window takes a weighted mean of all rows of it, head by head.

use std::ops::Range;

use ner_layers::{Output, PackedMatrix, Rows, Start, Strips};

use super::numeric::{LANES, dot, exp, largest, total};
use crate::dropout::{Dropout, Place};
use crate::shape::{LayerDropout, Shape};

/// Scratch memory of attention.
#[derive(Debug, Default)]
pub(crate) struct AttentionScratch {
    matrix: PackedMatrix,
    strips: Strips,
    /// The weights of the values, `[rows, rows]`.
    weights: Vec<f32>,
    /// The same after dropout.
    dropped: Vec<f32>,
    /// Their gradient.
    d_weights: Vec<f32>,
    factors: Vec<f32>,
}

/// Queries, keys and values of a group, `[rows, 3 * width]`, and which of them belong to a head in a window.
#[derive(Clone, Copy, Debug)]
struct Head<'a> {
    inputs: &'a [f32],
    shape: &'a Shape,
    /// The window's first row in the group, and its number of rows.
    first: usize,
    n_rows: usize,
    head: usize,
}

impl<'a> Head<'a> {
    fn step(&self) -> usize {
        3 * self.shape.width
    }

    /// Where the queries (0), keys (1) or values (2) begin and end.
    fn range(&self, which: usize) -> Range<usize> {
        let start = self.first * self.step() + which * self.shape.width + self.head * self.shape.head();
        start..start + (self.n_rows - 1) * self.step() + self.shape.head()
    }

    fn part(&self, which: usize) -> &'a [f32] {
        &self.inputs[self.range(which)]
    }

    fn rows(&self, which: usize) -> Rows<'a> {
        Rows::Apart(self.part(which), self.step())
    }

    /// The same place in the gradients of queries, keys and values.
    fn output<'b>(&self, which: usize, d_inputs: &'b mut [f32]) -> Output<'b> {
        Output { numbers: &mut d_inputs[self.range(which)], step: self.step() }
    }

    /// Where this head's columns of `[rows, width]` begin and end.
    fn context(&self) -> Range<usize> {
        let start = self.first * self.shape.width + self.head * self.shape.head();
        start..start + (self.n_rows - 1) * self.shape.width + self.shape.head()
    }

    /// The weights of the values, before dropout.
    #[inline(always)]
    fn weights(&self, scratch: &mut AttentionScratch) {
        let (n_rows, head) = (self.n_rows, self.shape.head());
        let weights = resized(&mut scratch.weights, n_rows * n_rows);
        scratch.matrix.pack_columns(self.part(1), [head, n_rows], self.step());
        let output = Output { numbers: weights, step: n_rows };
        scratch.matrix.multiply(self.rows(0), Start::Zeros, output, &mut scratch.strips);
        let factor = 1.0 / (head as f32).sqrt();
        for row in weights.chunks_exact_mut(n_rows) {
            softmax(row, factor);
        }
    }

    /// Multiplies weights, or their gradient, by the factors of dropout.
    #[inline(always)]
    fn drop_weights(&self, dropout: Dropout, first_row: usize, weights: &mut [f32], factors: &mut Vec<f32>) {
        let factors = resized(factors, self.n_rows);
        for (row, weights) in weights.chunks_exact_mut(self.n_rows).enumerate() {
            let row = (first_row + self.first + row) * self.shape.n_heads + self.head;
            dropout.factors(Place::Attention, row as u64, factors);
            for (weight, factor) in weights.iter_mut().zip(&*factors) {
                *weight *= factor;
            }
        }
    }
}

/// The dropout of the weights, and the group's first row in the batch.
#[inline(always)]
fn of_weights(dropout: &LayerDropout) -> Option<Dropout> {
    dropout.attention.filter(|_| !dropout.of_context)
}

/// The sums of values: `inputs` `[rows, 3 * width]` -> `context` `[rows, width]`. `first_row` is the group's first row in the
/// batch, by which masks are known.
#[inline(always)]
pub(crate) fn attend(
    shape: &Shape,
    windows: impl Iterator<Item = Range<usize>>,
    first_row: usize,
    dropout: &LayerDropout,
    inputs: &[f32],
    context: &mut [f32],
    scratch: &mut AttentionScratch,
) {
    for window in windows {
        for head in 0..shape.n_heads {
            let head = Head { inputs, shape, first: window.start, n_rows: window.len(), head };
            head.weights(scratch);
            let weights = &mut scratch.weights[..window.len() * window.len()];
            if let Some(dropout) = of_weights(dropout) {
                head.drop_weights(dropout, first_row, weights, &mut scratch.factors);
            }
            scratch.matrix.pack_rows(head.part(2), [window.len(), shape.head()], head.step());
            let output = Output { numbers: &mut context[head.context()], step: shape.width };
            scratch.matrix.multiply(Rows::ByRow(weights), Start::Zeros, output, &mut scratch.strips);
        }
    }
    if dropout.of_context {
        drop_context(shape, first_row, dropout, context, scratch);
    }
}

/// Multiplies sums of values, or their gradient, by the factors of dropout.
#[inline(always)]
fn drop_context(
    shape: &Shape,
    first_row: usize,
    dropout: &LayerDropout,
    context: &mut [f32],
    scratch: &mut AttentionScratch,
) {
    let Some(dropout) = dropout.attention else { return };
    let factors = resized(&mut scratch.factors, shape.width);
    for (row, context) in context.chunks_exact_mut(shape.width).enumerate() {
        dropout.factors(Place::Attention, (first_row + row) as u64, factors);
        for (value, factor) in context.iter_mut().zip(&*factors) {
            *value *= factor;
        }
    }
}

/// The gradient of `inputs` `[rows, 3 * width]` from that of the sums of values, `[rows, width]`, which is used up.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "the arguments of the forward pass and one gradient more")]
pub(crate) fn attend_backward(
    shape: &Shape,
    windows: impl Iterator<Item = Range<usize>>,
    first_row: usize,
    dropout: &LayerDropout,
    inputs: &[f32],
    d_context: &mut [f32],
    d_inputs: &mut [f32],
    scratch: &mut AttentionScratch,
) {
    if dropout.of_context {
        drop_context(shape, first_row, dropout, d_context, scratch);
    }
    let factor = 1.0 / (shape.head() as f32).sqrt();
    for window in windows {
        let (n_rows, size) = (window.len(), [window.len(), shape.head()]);
        for head in 0..shape.n_heads {
            let head = Head { inputs, shape, first: window.start, n_rows, head };
            let d_context = &d_context[head.context()];
            head.weights(scratch);
            let AttentionScratch { matrix, strips, weights, dropped, d_weights, factors } = scratch;
            let weights = &weights[..n_rows * n_rows];
            let dropped = resized(dropped, n_rows * n_rows);
            dropped.copy_from_slice(weights);
            if let Some(dropout) = of_weights(dropout) {
                head.drop_weights(dropout, first_row, dropped, factors);
            }
            // Values: each takes from the rows that it was given to.
            matrix.pack_rows(d_context, size, shape.width);
            matrix.multiply(Rows::ByInput(dropped), Start::Zeros, head.output(2, d_inputs), strips);
            let d_weights = resized(d_weights, n_rows * n_rows);
            matrix.pack_columns(head.part(2), [shape.head(), n_rows], head.step());
            let rows = Rows::Apart(d_context, shape.width);
            matrix.multiply(rows, Start::Zeros, Output { numbers: d_weights, step: n_rows }, strips);
            if let Some(dropout) = of_weights(dropout) {
                head.drop_weights(dropout, first_row, d_weights, factors);
            }
            for (d_row, row) in d_weights.chunks_exact_mut(n_rows).zip(weights.chunks_exact(n_rows)) {
                let slope = dot(d_row, row);
                for (d, weight) in d_row.iter_mut().zip(row) {
                    *d = (*d - slope) * weight * factor;
                }
            }
            matrix.pack_rows(head.part(1), size, head.step());
            matrix.multiply(Rows::ByRow(d_weights), Start::Zeros, head.output(0, d_inputs), strips);
            matrix.pack_rows(head.part(0), size, head.step());
            matrix.multiply(Rows::ByInput(d_weights), Start::Zeros, head.output(1, d_inputs), strips);
        }
    }
}

/// Turns scores into weights that add up to one: their exponentials, once they are multiplied by `factor`.
#[inline(always)]
fn softmax(row: &mut [f32], factor: f32) {
    let shift = largest(row) * factor;
    let mut sums = [0.0; LANES];
    let (head, tail) = row.as_chunks_mut::<LANES>();
    for values in head {
        for (value, sum) in values.iter_mut().zip(&mut sums) {
            *value = exp(value.mul_add(factor, -shift));
            *sum += *value;
        }
    }
    for (value, sum) in tail.iter_mut().zip(&mut sums) {
        *value = exp(value.mul_add(factor, -shift));
        *sum += *value;
    }
    let scale = 1.0 / total(&sums);
    for value in row.iter_mut() {
        *value *= scale;
    }
}

/// The first `len` numbers of a buffer that grows with the largest one asked for.
pub(crate) fn resized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}

//! The backward pass of a layer.

use ner_layers::{Output, PackedMatrix, Rows, Start, Strips, for_each_block_with};
use pulp::Arch;

use super::activation;
use super::attention::{AttentionScratch, attend_backward, resized};
use super::forward::{Saved, scale_and_shift};
use super::norm::normalise_backward;
use super::weights::{LayerWeights, N_WEIGHTS, Norm};
use super::windows::{Group, Windows};
use crate::dropout::{Dropout, Place};
use crate::shape::{LayerDropout, Shape};

/// Gradients of a layer: of its input `[rows, width]`, and of its weights in the order of [`LayerWeights`].
#[derive(Debug)]
pub(crate) struct LayerGradients {
    pub(crate) x: Vec<f32>,
    pub(crate) weights: [Vec<f32>; N_WEIGHTS],
}

/// A layer in a backward pass.
#[derive(Debug)]
pub(crate) struct Backward<'a> {
    pub(crate) weights: &'a LayerWeights<'a>,
    pub(crate) shape: &'a Shape,
    pub(crate) windows: &'a Windows,
    pub(crate) dropout: &'a LayerDropout,
    pub(crate) saved: &'a Saved,
    /// The layer's input, `[rows, width]`.
    pub(crate) x: &'a [f32],
}

/// Gradients of what a layer computes on the way, row by row, and the inputs of its linear layers that were not kept.
struct Rowwise {
    /// `[rows, width]`, as are all but those that say otherwise
    x: Vec<f32>,
    /// Of the linear layer's result, `[rows, 3 * width]`.
    attention_input: Vec<f32>,
    attention_output: Vec<f32>,
    /// Of the rows after the first half.
    middle: Vec<f32>,
    /// `[rows, inner]`
    intermediate: Vec<f32>,
    output: Vec<f32>,
    /// The rows after the first half themselves.
    middle_rows: Vec<f32>,
    /// The input of the last linear layer, `[rows, inner]`.
    activated: Vec<f32>,
}

/// The same of a group.
struct Part<'a> {
    x: &'a mut [f32],
    attention_input: &'a mut [f32],
    attention_output: &'a mut [f32],
    middle: &'a mut [f32],
    intermediate: &'a mut [f32],
    output: &'a mut [f32],
    middle_rows: &'a mut [f32],
    activated: &'a mut [f32],
}

/// The weights as rows of gradients are multiplied by them.
struct Transposed {
    attention_input: PackedMatrix,
    attention_output: PackedMatrix,
    intermediate: PackedMatrix,
    output: PackedMatrix,
}

#[derive(Debug, Default)]
struct Scratch {
    attention: AttentionScratch,
    strips: Strips,
    factors: Vec<f32>,
    d_context: Vec<f32>,
}

impl Backward<'_> {
    /// The gradients, given that of the layer's output.
    pub(crate) fn run(&self, gradient: &[f32]) -> LayerGradients {
        let rows = self.rowwise(gradient);
        let (saved, width) = (self.saved, self.shape.width);
        // Sums over all rows, each on all threads: where the rows are cut does not depend on their number.
        let attention_input = products(&rows.attention_input, self.x, width);
        let attention_output = products(&rows.attention_output, &saved.context, width);
        let intermediate = products(&rows.intermediate, &rows.middle_rows, width);
        let output = products(&rows.output, &rows.activated, self.shape.inner);
        let [attention_gain, attention_shift] = norm_gradients(&rows.middle, &saved.attention_normed, width);
        let [output_gain, output_shift] = norm_gradients(gradient, &saved.normed, width);
        let weights = [
            attention_input,
            column_sums(&rows.attention_input, 3 * width),
            attention_output,
            column_sums(&rows.attention_output, width),
            attention_gain,
            attention_shift,
            intermediate,
            column_sums(&rows.intermediate, self.shape.inner),
            output,
            column_sums(&rows.output, width),
            output_gain,
            output_shift,
        ];
        LayerGradients { x: rows.x, weights }
    }

    /// The part of the pass in which each row stands for itself, or for its window.
    fn rowwise(&self, gradient: &[f32]) -> Rowwise {
        let (shape, windows) = (self.shape, self.windows);
        let transposed = Transposed::new(self.weights);
        let mut rows = Rowwise::zeros(shape, windows.n_rows());
        let parts = rows.parts(shape, windows);
        for_each_block_with(parts.into_iter(), |scratch: &mut Scratch, index, part| {
            let group = &windows.groups()[index];
            Arch::new().dispatch(
                #[inline(always)]
                || self.group(group, &transposed, gradient, part, scratch),
            );
        });
        rows
    }

    #[inline(always)]
    fn group(
        &self,
        group: &Group,
        transposed: &Transposed,
        gradient: &[f32],
        part: Part<'_>,
        scratch: &mut Scratch,
    ) {
        let Backward { weights, shape, windows, dropout, saved, .. } = self;
        let (width, first, n_rows) = (shape.width, group.rows.start, group.rows.len());
        let of = |numbers: &'_ [f32], width: usize| -> std::ops::Range<usize> {
            debug_assert!(numbers.len() >= group.rows.end * width, "a row for each of the batch");
            first * width..group.rows.end * width
        };
        let wide = |numbers| of(numbers, width);
        let Scratch { attention, strips, factors, d_context } = scratch;
        let Part {
            x,
            attention_input,
            attention_output,
            middle,
            intermediate,
            output,
            middle_rows,
            activated,
        } = part;
        let normed = &saved.attention_normed[wide(&saved.attention_normed)];
        for (normed, row) in normed.chunks_exact(width).zip(middle_rows.chunks_exact_mut(width)) {
            scale_and_shift(normed, &weights.attention_norm, row);
        }
        let before = &saved.intermediate[of(&saved.intermediate, shape.inner)];
        activated.copy_from_slice(before);
        activation::apply(shape.activation, activated);

        // The second half: `output` is the gradient of the linear layer's result, `middle` that of its residual.
        let half = Half { shape, norm: &weights.output_norm, dropout: dropout.output, first, factors };
        middle.copy_from_slice(&gradient[wide(gradient)]);
        let scales = &saved.scales[group.rows.clone()];
        let factors =
            half.backward(Place::Output, &saved.normed[wide(&saved.normed)], scales, middle, output);
        multiply(&transposed.output, output, Start::Zeros, intermediate, shape.inner, strips);
        activation::backward(shape.activation, before, intermediate);
        multiply(&transposed.intermediate, intermediate, Start::Output, middle, width, strips);

        // The first half.
        let half =
            Half { shape, norm: &weights.attention_norm, dropout: dropout.attention_output, first, factors };
        x.copy_from_slice(middle);
        let scales = &saved.attention_scales[group.rows.clone()];
        half.backward(Place::AttentionOutput, normed, scales, x, attention_output);
        let d_context = resized(d_context, n_rows * width);
        multiply(&transposed.attention_output, attention_output, Start::Zeros, d_context, width, strips);
        let inputs = &saved.attention_input[of(&saved.attention_input, 3 * width)];
        let within = windows.rows_of(group);
        attend_backward(shape, within, first, dropout, inputs, d_context, attention_input, attention);
        multiply(&transposed.attention_input, attention_input, Start::Output, x, width, strips);
    }
}

/// What ends each half of a layer.
struct Half<'a> {
    shape: &'a Shape,
    norm: &'a Norm<'a>,
    dropout: Option<Dropout>,
    /// The first row's number in the batch.
    first: usize,
    factors: &'a mut Vec<f32>,
}

impl<'a> Half<'a> {
    /// Turns the gradient of a half's rows into that of its residual, in place, and that of what was added to it, in
    /// `added`.
    #[inline(always)]
    fn backward(
        self,
        place: Place,
        normed: &[f32],
        scales: &[f32],
        gradient: &mut [f32],
        added: &mut [f32],
    ) -> &'a mut Vec<f32> {
        let width = self.shape.width;
        let rows = gradient.chunks_exact_mut(width).zip(normed.chunks_exact(width)).zip(scales);
        for (row, (((gradient, normed), scale), added)) in rows.zip(added.chunks_exact_mut(width)).enumerate()
        {
            for (gradient, gain) in gradient.iter_mut().zip(&*self.norm.gain) {
                *gradient *= gain;
            }
            normalise_backward(gradient, normed, *scale);
            added.copy_from_slice(gradient);
            if let Some(dropout) = self.dropout {
                let factors = resized(self.factors, width);
                dropout.factors(place, (self.first + row) as u64, factors);
                for (value, factor) in added.iter_mut().zip(&*factors) {
                    *value *= factor;
                }
            }
        }
        self.factors
    }
}

impl Rowwise {
    fn zeros(shape: &Shape, n_rows: usize) -> Rowwise {
        let matrix = |width: usize| vec![0.0; n_rows * width];
        let wide = || matrix(shape.width);
        Rowwise {
            x: wide(),
            attention_input: matrix(3 * shape.width),
            attention_output: wide(),
            middle: wide(),
            intermediate: matrix(shape.inner),
            output: wide(),
            middle_rows: wide(),
            activated: matrix(shape.inner),
        }
    }

    fn parts(&mut self, shape: &Shape, windows: &Windows) -> Vec<Part<'_>> {
        let &Shape { width, inner, .. } = shape;
        let mut x = windows.parts(&mut self.x, width).into_iter();
        let mut attention_input = windows.parts(&mut self.attention_input, 3 * width).into_iter();
        let mut attention_output = windows.parts(&mut self.attention_output, width).into_iter();
        let mut middle = windows.parts(&mut self.middle, width).into_iter();
        let mut intermediate = windows.parts(&mut self.intermediate, inner).into_iter();
        let mut output = windows.parts(&mut self.output, width).into_iter();
        let mut middle_rows = windows.parts(&mut self.middle_rows, width).into_iter();
        let mut activated = windows.parts(&mut self.activated, inner).into_iter();
        let parts = std::iter::from_fn(|| {
            Some(Part {
                x: x.next()?,
                attention_input: attention_input.next()?,
                attention_output: attention_output.next()?,
                middle: middle.next()?,
                intermediate: intermediate.next()?,
                output: output.next()?,
                middle_rows: middle_rows.next()?,
                activated: activated.next()?,
            })
        });
        parts.collect()
    }
}

impl Transposed {
    fn new(weights: &LayerWeights<'_>) -> Transposed {
        let pack = |weight: &[f32], bias: &[f32]| PackedMatrix::from_rows(weight, weight.len() / bias.len());
        Transposed {
            attention_input: pack(&weights.attention_input, &weights.attention_input_bias),
            attention_output: pack(&weights.attention_output, &weights.attention_output_bias),
            intermediate: pack(&weights.intermediate, &weights.intermediate_bias),
            output: pack(&weights.output, &weights.output_bias),
        }
    }
}

#[inline(always)]
fn multiply(
    matrix: &PackedMatrix,
    rows: &[f32],
    start: Start<'_>,
    output: &mut [f32],
    width: usize,
    strips: &mut Strips,
) {
    matrix.multiply(Rows::ByRow(rows), start, Output { numbers: output, step: width }, strips);
}

/// The gradient of a linear layer's weights `[outputs, inputs]`, from its inputs `[rows, inputs]` and the gradient of its
/// outputs `[rows, outputs]`.
fn products(gradient: &[f32], inputs: &[f32], n_inputs: usize) -> Vec<f32> {
    PackedMatrix::from_rows(inputs, n_inputs).product(Rows::ByInput(gradient))
}

/// The sum of all rows.
fn column_sums(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0; width];
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for row in rows.chunks_exact(width) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += value;
                }
            }
        },
    );
    sums
}

/// The gradients of the scale and the shift after a normalisation.
fn norm_gradients(gradient: &[f32], normed: &[f32], width: usize) -> [Vec<f32>; 2] {
    let (mut gain, mut shift) = (vec![0.0; width], vec![0.0; width]);
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for (gradient, normed) in gradient.chunks_exact(width).zip(normed.chunks_exact(width)) {
                let sums = gain.iter_mut().zip(&mut shift);
                for ((gain, shift), (gradient, normed)) in sums.zip(gradient.iter().zip(normed)) {
                    *gain = gradient.mul_add(*normed, *gain);
                    *shift += gradient;
                }
            }
        },
    );
    [gain, shift]
}

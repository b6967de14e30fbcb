//! The forward pass of a layer.

use ner_layers::for_each_block_with;
use pulp::Arch;

use super::activation;
use super::attention::{AttentionScratch, attend, resized};
use super::norm::normalise;
use super::weights::{LinearScratch, Norm, PackedLayer};
use super::windows::{Group, Windows};
use crate::dropout::{Dropout, Place};
use crate::shape::{LayerDropout, Shape};

/// What the backward pass needs of a forward pass, each row by row.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// Queries, keys and values, `[rows, 3 * width]`.
    pub(crate) attention_input: Vec<f32>,
    /// Sums of values, `[rows, width]`.
    pub(crate) context: Vec<f32>,
    /// Rows after attention, brought to mean 0 and variance 1, `[rows, width]`, and the factors of that, `[rows]`.
    pub(crate) attention_normed: Vec<f32>,
    pub(crate) attention_scales: Vec<f32>,
    /// Rows inside of the feed-forward part before its function, `[rows, inner]`.
    pub(crate) intermediate: Vec<f32>,
    /// The layer's rows, brought to mean 0 and variance 1, `[rows, width]`, and the factors of that, `[rows]`.
    pub(crate) normed: Vec<f32>,
    pub(crate) scales: Vec<f32>,
}

/// The part of a group in [`Saved`], or scratch memory in its place.
struct Parts<'a> {
    attention_input: &'a mut [f32],
    context: &'a mut [f32],
    attention_normed: &'a mut [f32],
    attention_scales: &'a mut [f32],
    intermediate: &'a mut [f32],
    normed: &'a mut [f32],
    scales: &'a mut [f32],
}

#[derive(Debug, Default)]
struct Scratch {
    attention: AttentionScratch,
    linear: LinearScratch,
    factors: Vec<f32>,
    /// `[rows, width]`
    rows: Vec<f32>,
    /// `[rows, inner]`
    activated: Vec<f32>,
    saved: Saved,
}

impl Saved {
    fn zeros(shape: &Shape, n_rows: usize) -> Saved {
        let matrix = |width: usize| vec![0.0; n_rows * width];
        Saved {
            attention_input: matrix(3 * shape.width),
            context: matrix(shape.width),
            attention_normed: matrix(shape.width),
            attention_scales: matrix(1),
            intermediate: matrix(shape.inner),
            normed: matrix(shape.width),
            scales: matrix(1),
        }
    }

    /// The parts of all groups.
    fn parts(&mut self, shape: &Shape, windows: &Windows) -> Vec<Parts<'_>> {
        let &Shape { width, inner, .. } = shape;
        let mut attention_input = windows.parts(&mut self.attention_input, 3 * width).into_iter();
        let mut context = windows.parts(&mut self.context, width).into_iter();
        let mut attention_normed = windows.parts(&mut self.attention_normed, width).into_iter();
        let mut attention_scales = windows.parts(&mut self.attention_scales, 1).into_iter();
        let mut intermediate = windows.parts(&mut self.intermediate, inner).into_iter();
        let mut normed = windows.parts(&mut self.normed, width).into_iter();
        let mut scales = windows.parts(&mut self.scales, 1).into_iter();
        let parts = std::iter::from_fn(|| {
            Some(Parts {
                attention_input: attention_input.next()?,
                context: context.next()?,
                attention_normed: attention_normed.next()?,
                attention_scales: attention_scales.next()?,
                intermediate: intermediate.next()?,
                normed: normed.next()?,
                scales: scales.next()?,
            })
        });
        parts.collect()
    }

    /// The same of a single group, in memory that is used again for the next.
    fn scratch(&mut self, shape: &Shape, n_rows: usize) -> Parts<'_> {
        Parts {
            attention_input: resized(&mut self.attention_input, n_rows * 3 * shape.width),
            context: resized(&mut self.context, n_rows * shape.width),
            attention_normed: resized(&mut self.attention_normed, n_rows * shape.width),
            attention_scales: resized(&mut self.attention_scales, n_rows),
            intermediate: resized(&mut self.intermediate, n_rows * shape.inner),
            normed: resized(&mut self.normed, n_rows * shape.width),
            scales: resized(&mut self.scales, n_rows),
        }
    }
}

/// The layer's output in prediction: `[rows, width]` -> `[rows, width]`
pub(crate) fn forward(layer: &PackedLayer, shape: &Shape, windows: &Windows, x: &[f32]) -> Vec<f32> {
    let mut output = vec![0.0; x.len()];
    let parts = windows.parts(&mut output, shape.width);
    for_each_block_with(parts.into_iter(), |scratch: &mut Scratch, index, output| {
        let group = &windows.groups()[index];
        let mut saved = std::mem::take(&mut scratch.saved);
        let parts = saved.scratch(shape, group.rows.len());
        let pass = Pass { layer, shape, windows, group, dropout: &LayerDropout::default() };
        pass.run(x, parts, false, output, scratch);
        scratch.saved = saved;
    });
    output
}

/// The same in training, with what the backward pass needs.
pub(crate) fn forward_saving(
    layer: &PackedLayer,
    shape: &Shape,
    windows: &Windows,
    dropout: &LayerDropout,
    x: &[f32],
) -> (Vec<f32>, Saved) {
    let mut output = vec![0.0; x.len()];
    let mut saved = Saved::zeros(shape, windows.n_rows());
    let outputs = windows.parts(&mut output, shape.width);
    let parts = saved.parts(shape, windows).into_iter().zip(outputs);
    for_each_block_with(parts, |scratch: &mut Scratch, index, (parts, output)| {
        let pass = Pass { layer, shape, windows, group: &windows.groups()[index], dropout };
        pass.run(x, parts, true, output, scratch);
    });
    (output, saved)
}

/// The forward pass of a group.
struct Pass<'a> {
    layer: &'a PackedLayer,
    shape: &'a Shape,
    windows: &'a Windows,
    group: &'a Group,
    dropout: &'a LayerDropout,
}

impl Pass<'_> {
    /// `x` holds the rows of all groups, `output` those of this one. With `keeps`, the parts are left as [`Saved`] has them.
    fn run(&self, x: &[f32], parts: Parts<'_>, keeps: bool, output: &mut [f32], scratch: &mut Scratch) {
        Arch::new().dispatch(
            #[inline(always)]
            || self.layers(x, parts, keeps, output, scratch),
        );
    }

    #[inline(always)]
    fn layers(&self, x: &[f32], parts: Parts<'_>, keeps: bool, output: &mut [f32], scratch: &mut Scratch) {
        let Pass { layer, shape, windows, group, dropout } = self;
        let (width, n_rows, first) = (shape.width, group.rows.len(), group.rows.start);
        let x = &x[first * width..][..n_rows * width];
        let Scratch { attention, linear, factors, rows, activated, .. } = scratch;
        layer.attention_input.multiply(x, parts.attention_input, linear);
        let within = windows.rows_of(group);
        attend(shape, within, first, dropout, parts.attention_input, parts.context, attention);
        let half = Half { shape, dropout: dropout.attention_output, first, factors };
        layer.attention_output.multiply(parts.context, parts.attention_normed, linear);
        let rows = resized(rows, n_rows * width);
        let norm = &layer.attention_norm;
        let factors = half.add_and_normalise(
            Place::AttentionOutput,
            norm,
            x,
            parts.attention_normed,
            parts.attention_scales,
            rows,
        );
        layer.intermediate.multiply(rows, parts.intermediate, linear);
        let activated = if keeps {
            let activated = resized(activated, parts.intermediate.len());
            activated.copy_from_slice(parts.intermediate);
            activated
        } else {
            parts.intermediate
        };
        activation::apply(shape.activation, activated);
        layer.output.multiply(activated, parts.normed, linear);
        let half = Half { shape, dropout: dropout.output, first, factors };
        half.add_and_normalise(Place::Output, &layer.output_norm, rows, parts.normed, parts.scales, output);
    }
}

/// What ends each half of a layer.
struct Half<'a> {
    shape: &'a Shape,
    dropout: Option<Dropout>,
    /// The first row's number in the batch.
    first: usize,
    factors: &'a mut Vec<f32>,
}

impl<'a> Half<'a> {
    /// Drops some of `normed`, adds `residual`, and normalises. Leaves the normalised rows in `normed`, the factors in
    /// `scales`, and the scaled and shifted rows in `output`.
    #[inline(always)]
    fn add_and_normalise(
        self,
        place: Place,
        norm: &Norm<'_>,
        residual: &[f32],
        normed: &mut [f32],
        scales: &mut [f32],
        output: &mut [f32],
    ) -> &'a mut Vec<f32> {
        let width = self.shape.width;
        let rows = normed.chunks_exact_mut(width).zip(residual.chunks_exact(width));
        let rows = rows.zip(output.chunks_exact_mut(width)).zip(scales);
        for (row, (((normed, residual), output), scale)) in rows.enumerate() {
            if let Some(dropout) = self.dropout {
                let factors = resized(self.factors, width);
                dropout.factors(place, (self.first + row) as u64, factors);
                for (value, factor) in normed.iter_mut().zip(&*factors) {
                    *value *= factor;
                }
            }
            for (value, residual) in normed.iter_mut().zip(residual) {
                *value += residual;
            }
            *scale = normalise(normed, self.shape.epsilon);
            scale_and_shift(normed, norm, output);
        }
        self.factors
    }
}

#[inline(always)]
pub(crate) fn scale_and_shift(normed: &[f32], norm: &Norm<'_>, output: &mut [f32]) {
    let weights = norm.gain.iter().zip(&*norm.shift);
    for ((output, value), (gain, shift)) in output.iter_mut().zip(normed).zip(weights) {
        *output = value.mul_add(*gain, *shift);
    }
}

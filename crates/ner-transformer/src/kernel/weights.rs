use std::borrow::Cow;

use ner_layers::{Output, PackedMatrix, Rows, Start, Strips};

use super::brain::{BrainMatrix, BrainRows};
use super::quantized::{QuantizedMatrix, QuantizedRows};
use crate::Precision;

/// How many tensors a layer has.
pub(crate) const N_WEIGHTS: usize = 12;

/// The weights of a layer as Burn has them, row by row. Linear layers are `[outputs, inputs]`.
#[derive(Debug)]
pub(crate) struct LayerWeights<'a> {
    /// Queries, keys and values, `[3 * width, width]`.
    pub(crate) attention_input: Cow<'a, [f32]>,
    pub(crate) attention_input_bias: Cow<'a, [f32]>,
    /// `[width, width]`
    pub(crate) attention_output: Cow<'a, [f32]>,
    pub(crate) attention_output_bias: Cow<'a, [f32]>,
    pub(crate) attention_norm: Norm<'a>,
    /// `[inner, width]`
    pub(crate) intermediate: Cow<'a, [f32]>,
    pub(crate) intermediate_bias: Cow<'a, [f32]>,
    /// `[width, inner]`
    pub(crate) output: Cow<'a, [f32]>,
    pub(crate) output_bias: Cow<'a, [f32]>,
    pub(crate) output_norm: Norm<'a>,
}

/// Scale and shift of a layer normalisation, `[width]`.
#[derive(Debug)]
pub(crate) struct Norm<'a> {
    pub(crate) gain: Cow<'a, [f32]>,
    pub(crate) shift: Cow<'a, [f32]>,
}

impl<'a> LayerWeights<'a> {
    /// The weights in the order of the fields.
    pub(crate) fn new(weights: [Cow<'a, [f32]>; N_WEIGHTS]) -> LayerWeights<'a> {
        let [
            attention_input,
            attention_input_bias,
            attention_output,
            attention_output_bias,
            attention_gain,
            attention_shift,
            intermediate,
            intermediate_bias,
            output,
            output_bias,
            output_gain,
            output_shift,
        ] = weights;
        LayerWeights {
            attention_input,
            attention_input_bias,
            attention_output,
            attention_output_bias,
            attention_norm: Norm { gain: attention_gain, shift: attention_shift },
            intermediate,
            intermediate_bias,
            output,
            output_bias,
            output_norm: Norm { gain: output_gain, shift: output_shift },
        }
    }
}

impl Norm<'_> {
    fn into_owned(self) -> Norm<'static> {
        Norm { gain: self.gain.into_owned().into(), shift: self.shift.into_owned().into() }
    }
}

/// A linear layer as the forward pass reads it.
#[derive(Debug)]
pub(crate) struct PackedLinear {
    weight: PackedWeight,
    bias: Vec<f32>,
}

#[derive(Debug)]
enum PackedWeight {
    Single(PackedMatrix),
    Brain(BrainMatrix),
    Int8(QuantizedMatrix),
}

/// Scratch memory of a linear layer.
#[derive(Debug, Default)]
pub(crate) struct LinearScratch {
    strips: Strips,
    brain: BrainRows,
    quantized: QuantizedRows,
}

impl PackedLinear {
    fn new(weight: &[f32], bias: Cow<'_, [f32]>, precision: Precision) -> PackedLinear {
        let inputs = weight.len() / bias.len();
        let weight = match precision {
            Precision::Single => PackedWeight::Single(PackedMatrix::from_columns(weight, inputs)),
            Precision::Brain => PackedWeight::Brain(BrainMatrix::new(weight, inputs)),
            Precision::Int8 => PackedWeight::Int8(QuantizedMatrix::new(weight, inputs)),
        };
        PackedLinear { weight, bias: bias.into_owned() }
    }

    /// `[rows, inputs]` -> `[rows, outputs]`, on the calling thread.
    pub(crate) fn multiply(&self, rows: &[f32], output: &mut [f32], scratch: &mut LinearScratch) {
        match &self.weight {
            PackedWeight::Single(weight) => {
                let output = Output { numbers: output, step: self.bias.len() };
                weight.multiply(Rows::ByRow(rows), Start::Bias(&self.bias), output, &mut scratch.strips);
            }
            PackedWeight::Brain(weight) => weight.multiply(rows, &self.bias, output, &mut scratch.brain),
            PackedWeight::Int8(weight) => weight.multiply(rows, &self.bias, output, &mut scratch.quantized),
        }
    }
}

/// The weights of a layer as the forward pass reads them.
#[derive(Debug)]
pub(crate) struct PackedLayer {
    pub(crate) attention_input: PackedLinear,
    pub(crate) attention_output: PackedLinear,
    pub(crate) attention_norm: Norm<'static>,
    pub(crate) intermediate: PackedLinear,
    pub(crate) output: PackedLinear,
    pub(crate) output_norm: Norm<'static>,
}

impl PackedLayer {
    pub(crate) fn new(weights: LayerWeights<'_>, precision: Precision) -> PackedLayer {
        let LayerWeights { attention_norm, output_norm, .. } = weights;
        let [attention_input, attention_output, intermediate, output] = [
            (weights.attention_input, weights.attention_input_bias),
            (weights.attention_output, weights.attention_output_bias),
            (weights.intermediate, weights.intermediate_bias),
            (weights.output, weights.output_bias),
        ]
        .map(|(weight, bias)| PackedLinear::new(&weight, bias, precision));
        PackedLayer {
            attention_input,
            attention_output,
            attention_norm: attention_norm.into_owned(),
            intermediate,
            output,
            output_norm: output_norm.into_owned(),
        }
    }
}

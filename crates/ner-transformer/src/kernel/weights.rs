use std::borrow::Cow;

use ner_layers::PackedMatrix;

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
    pub(crate) weight: PackedMatrix,
    pub(crate) bias: Vec<f32>,
}

impl PackedLinear {
    fn new(weight: &[f32], bias: Cow<'_, [f32]>) -> PackedLinear {
        let inputs = weight.len() / bias.len();
        PackedLinear { weight: PackedMatrix::from_columns(weight, inputs), bias: bias.into_owned() }
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
    pub(crate) fn new(weights: LayerWeights<'_>) -> PackedLayer {
        let LayerWeights { attention_norm, output_norm, .. } = weights;
        let [attention_input, attention_output, intermediate, output] = [
            (weights.attention_input, weights.attention_input_bias),
            (weights.attention_output, weights.attention_output_bias),
            (weights.intermediate, weights.intermediate_bias),
            (weights.output, weights.output_bias),
        ]
        .map(|(weight, bias)| PackedLinear::new(&weight, bias));
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

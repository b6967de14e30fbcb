use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use ner_cpython::NumpyRandom;

use super::init::Init;
use super::to_vec;

/// The first layer over a parser's state: an affine function of the vectors of a few tokens, whose share can be computed
/// for every token and place beforehand (Chen and Manning, 2014).
#[derive(Module, Debug)]
pub struct PrecomputableAffine {
    /// `[features, outputs, pieces, inputs]`
    pub weight: Param<Tensor<4>>,
    /// `[outputs, pieces]`
    pub bias: Param<Tensor<2>>,
    /// The shares of an absent token, `[1, features, outputs, pieces]`
    pub pad: Param<Tensor<4>>,
}

// Thinc's constants, all of them: another sample would give other first weights for the same seed.

/// States of the sample that the initial weights are scaled on.
const SAMPLE_ROWS: usize = 5000;
/// Different tokens of the sample.
const SAMPLE_TOKENS: f64 = 1000.0;
/// Corrections of weights or bias, at most.
const SAMPLE_ROUNDS: usize = 10;
/// How far mean and variance may be from 0 and 1.
const TOLERANCE: f32 = 0.01;

impl PrecomputableAffine {
    /// Normal weights, scaled until the outputs of a random sample have mean 0 and variance 1 (after Mishkin and
    /// Matas, "All you need is a good init", 2015).
    pub fn init([features, outputs, pieces, inputs]: [usize; 4], init: &mut Init<'_>) -> PrecomputableAffine {
        let Some(random) = init.generator() else {
            return PrecomputableAffine::zeros([features, outputs, pieces, inputs], init);
        };
        // spaCy: the deviation is sqrt(1 / features * inputs), by the precedence of operators (_precomputable_affine.py).
        let deviation = (1.0 / features as f64 * inputs as f64).sqrt();
        let weight = normal(features * outputs * pieces * inputs, deviation, random);
        let pad = normal(features * outputs * pieces, 1.0, random);
        // spaCy: the ids are numbers of 32 bits before they lose their fractions, so that some round up
        // (_precomputable_affine.py).
        let ids =
            (0..SAMPLE_ROWS * features).map(|_| random.uniform(0.0, SAMPLE_TOKENS) as f32 as usize).collect();
        let tokens = normal(SAMPLE_ROWS * inputs, 1.0, random);
        let bias = vec![0.0; outputs * pieces];
        let mut sample = Sample { features, outputs, pieces, inputs, weight, pad, bias, ids, tokens };
        sample.scale(init.device());
        PrecomputableAffine {
            weight: init.parameter(sample.weight, [features, outputs, pieces, inputs]),
            bias: init.parameter(sample.bias, [outputs, pieces]),
            pad: init.parameter(sample.pad, [1, features, outputs, pieces]),
        }
    }

    /// All weights zero: the layer of classes that nothing has been learned of.
    pub fn zeros([features, outputs, pieces, inputs]: [usize; 4], init: &Init<'_>) -> PrecomputableAffine {
        PrecomputableAffine {
            weight: init.constant(0.0, [features, outputs, pieces, inputs]),
            bias: init.constant(0.0, [outputs, pieces]),
            pad: init.constant(0.0, [1, features, outputs, pieces]),
        }
    }

    /// The weights of each feature on the host, `[pieces, outputs, inputs]`. Pieces come first, so that a register holds one
    /// piece of many outputs and is compared with the next.
    pub fn feature_weights(&self) -> Vec<Vec<f32>> {
        let [_, outputs, pieces, inputs] = self.weight.dims();
        let weight = to_vec(self.weight.val().without_autodiff());
        let pieces_first = |weight: &[f32]| {
            let row = |piece: usize, output: usize| &weight[(output * pieces + piece) * inputs..][..inputs];
            let rows = (0..pieces).flat_map(|piece| (0..outputs).map(move |output| (piece, output)));
            let mut ordered = Vec::with_capacity(weight.len());
            rows.for_each(|(piece, output)| ordered.extend_from_slice(row(piece, output)));
            ordered
        };
        weight.chunks_exact(outputs * pieces * inputs).map(pieces_first).collect()
    }
}

fn normal(count: usize, deviation: f64, random: &mut NumpyRandom) -> Vec<f32> {
    let mut numbers = vec![0.0; count];
    random.fill_normal(0.0, deviation, &mut numbers);
    numbers
}

/// The layer while its initial weights are scaled on a sample.
struct Sample {
    features: usize,
    outputs: usize,
    pieces: usize,
    inputs: usize,
    weight: Vec<f32>,
    pad: Vec<f32>,
    bias: Vec<f32>,
    ids: Vec<usize>,
    tokens: Vec<f32>,
}

impl Sample {
    /// Scales the weights until the variance is right, then moves the bias until the mean is.
    fn scale(&mut self, device: &Device) {
        for _ in 0..SAMPLE_ROUNDS {
            let (mean, variance) = mean_and_variance(&self.activations(device));
            if (variance - 1.0).abs() >= TOLERANCE {
                let deviation = variance.sqrt();
                self.weight.iter_mut().for_each(|weight| *weight /= deviation);
            } else if mean.abs() >= TOLERANCE {
                self.bias.iter_mut().for_each(|bias| *bias -= mean);
            } else {
                break;
            }
        }
    }

    /// The outputs of the sample, `[SAMPLE_ROWS, outputs]`.
    ///
    /// spaCy: ids pick the rows that are written to, not those that are read, and the padding is read as the
    /// first row (_precomputable_affine.py).
    fn activations(&self, device: &Device) -> Vec<f32> {
        let row = self.outputs * self.pieces;
        let matrix = |data: &[f32], rows| -> Tensor<2> {
            Tensor::from_data(TensorData::new(data.to_vec(), [rows, self.inputs]), device)
        };
        let tokens = matrix(&self.tokens, SAMPLE_ROWS);
        let shares = to_vec(tokens.matmul(matrix(&self.weight, self.features * row).transpose()));
        let read = self.pad.chunks_exact(row).chain(shares.chunks_exact(row));
        let mut vectors = vec![0.0; SAMPLE_ROWS * row];
        for (&id, share) in self.ids.iter().zip(read) {
            vectors[id * row..(id + 1) * row].iter_mut().zip(share).for_each(|(sum, value)| *sum += value);
        }
        vectors.chunks_exact(row).flat_map(|vector| self.maxout(vector)).collect()
    }

    /// The largest pieces of a vector `[outputs, pieces]`, or its positive numbers if there is one piece, `[outputs]`.
    fn maxout<'a>(&'a self, vector: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        let floor = if self.pieces == 1 { 0.0 } else { f32::NEG_INFINITY };
        vector.chunks_exact(self.pieces).zip(self.bias.chunks_exact(self.pieces)).map(
            move |(values, biases)| {
                values.iter().zip(biases).fold(floor, |largest, (value, bias)| largest.max(value + bias))
            },
        )
    }
}

fn mean_and_variance(values: &[f32]) -> (f32, f32) {
    let count = values.len() as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    (mean as f32, variance as f32)
}

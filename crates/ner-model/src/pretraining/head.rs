use burn::tensor::{Gradients, Tensor, TensorData};
use ner_layers::{Init, Linear, MaxoutWindow, Mode, PackedMatrix, Rows, to_vec};
use ner_optim::Gradient;
use ner_vocab::Vocab;

use super::{HiddenLayer, PretrainingObjective};
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::{ModelError, Parameter};

/// The layers above the token vectors that pretraining predicts with, and forgets in the end: a hidden layer, and an
/// affine function of it.
#[derive(Debug)]
pub struct PretrainingHead {
    hidden: NormalisedMaxout,
    size: usize,
    has_dropout: bool,
    output: Linear,
}

/// What a batch teaches.
pub struct HeadGradients {
    /// The loss of the batch.
    pub loss: f64,
    /// The gradients of the head's own parameters, by their ids.
    pub own: Vec<(u64, Gradient)>,
    /// The backward pass, which holds those of the network below.
    pub pass: Gradients,
}

impl PretrainingHead {
    /// The layers on top of token vectors of length `width`, with first weights.
    ///
    /// # Errors
    /// If the vocabulary lacks what is to be predicted.
    pub fn init(
        objective: &dyn PretrainingObjective,
        width: usize,
        vocab: &Vocab,
        init: &mut Init<'_>,
    ) -> Result<PretrainingHead, ModelError> {
        let HiddenLayer { size, maxout_pieces, has_dropout } = objective.hidden_layer();
        let outputs = objective.width(vocab)?;
        let hidden = NormalisedMaxout::init(size, maxout_pieces, width, init);
        Ok(PretrainingHead { hidden, size, has_dropout, output: Linear::zeros(outputs, size, init) })
    }

    /// Predicts from the vectors of all tokens, `[tokens, width]`, and learns from the predictions of those in `learned`.
    /// `loss` gives the loss of all predictions, and puts its gradient in their place.
    pub fn learn(
        &mut self,
        vectors: Tensor<2>,
        learned: &[usize],
        mode: &mut Mode<'_>,
        loss: impl FnOnce(&mut [f32]) -> f64,
    ) -> HeadGradients {
        let ([n_tokens, _], device) = (vectors.dims(), vectors.device().inner());
        let mask = if self.has_dropout { mode.mask([n_tokens, self.size]) } else { None };
        let hidden = self.hidden.forward(vectors, &MaxoutWindow::default(), mask);
        // The last layer is computed here, not by Burn: one token in seven teaches, so that most of a backward pass would
        // multiply zeros.
        let values = to_vec(hidden.clone().without_autodiff());
        let [weight, bias] = self.output_weights();
        let mut gradient = PackedMatrix::from_columns(&weight, self.size).product(Rows::ByRow(&values));
        for row in gradient.chunks_exact_mut(bias.len()) {
            row.iter_mut().zip(&bias).for_each(|(sum, bias)| *sum += bias);
        }
        let loss = loss(&mut gradient);
        let output = OutputGradients::new(
            &rows(&gradient, bias.len(), learned),
            &rows(&values, self.size, learned),
            &weight,
            self.size,
        );
        let mut d_hidden = vec![0.0; values.len()];
        for (&token, row) in learned.iter().zip(output.hidden.chunks_exact(self.size)) {
            d_hidden[token * self.size..][..self.size].copy_from_slice(row);
        }
        let d_hidden = Tensor::from_data(TensorData::new(d_hidden, [n_tokens, self.size]), &device);
        // A scalar whose gradient by the hidden layer is `d_hidden`, since Burn begins a backward pass at a scalar.
        let mut pass = (hidden * d_hidden.autodiff()).sum().backward();
        let mut own = vec![
            (self.output.weight.id.val(), Gradient::All(output.weight)),
            (self.output.bias.id.val(), Gradient::All(output.bias)),
        ];
        for parameter in self.hidden.parameters_mut() {
            own.extend(parameter.take_gradient(&mut pass).map(|gradient| (parameter.id(), gradient)));
        }
        HeadGradients { loss, own, pass }
    }

    fn output_weights(&self) -> [Vec<f32>; 2] {
        let Linear { weight, bias } = &self.output;
        [to_vec(weight.val().without_autodiff()), to_vec(bias.val().without_autodiff())]
    }

    /// The trainable weights, those of the hidden layer first.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let mut parameters = Vec::from(self.hidden.parameters_mut());
        parameters.extend([&mut self.output.weight as &mut dyn Parameter, &mut self.output.bias]);
        parameters
    }
}

/// The gradients of an affine function `[rows, size]` -> `[rows, outputs]`.
struct OutputGradients {
    /// `[outputs, size]`
    weight: Vec<f32>,
    /// `[outputs]`
    bias: Vec<f32>,
    /// `[rows, size]`
    hidden: Vec<f32>,
}

impl OutputGradients {
    /// From the gradient of its outputs, its inputs and its weights.
    fn new(d_outputs: &[f32], inputs: &[f32], weight: &[f32], size: usize) -> OutputGradients {
        let n_outputs = weight.len() / size;
        // A product needs rows, and a batch of a few words may have none to learn from.
        if inputs.is_empty() {
            let (weight, bias) = (vec![0.0; weight.len()], vec![0.0; n_outputs]);
            return OutputGradients { weight, bias, hidden: Vec::new() };
        }
        let mut bias = vec![0.0; n_outputs];
        for row in d_outputs.chunks_exact(n_outputs) {
            bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        // The two products do not need each other.
        let (weight, hidden) = rayon::join(
            || PackedMatrix::from_rows(inputs, size).product(Rows::ByInput(d_outputs)),
            || PackedMatrix::from_rows(weight, size).product(Rows::ByRow(d_outputs)),
        );
        OutputGradients { weight, bias, hidden }
    }
}

/// Some rows of a matrix `[rows, width]`.
fn rows(matrix: &[f32], width: usize, rows: &[usize]) -> Vec<f32> {
    rows.iter().flat_map(|row| &matrix[row * width..][..width]).copied().collect()
}

use ner_config::{Builder, ConfigError};
use ner_doc::Doc;
use ner_vocab::Vocab;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{HiddenLayer, PretrainingObjective};
use crate::ModelError;
use crate::argument_checks::{check_at_least_one, check_weights};

/// Predicts the static vector of each word.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PretrainVectorsConfig {
    /// Pieces of the hidden layer.
    pub maxout_pieces: usize,
    /// Length of the hidden layer's output.
    pub hidden_size: usize,
    /// The distance from a vector: `cosine` or `L2`.
    pub loss: Distance,
}

/// The distance of a prediction from a vector.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
pub(crate) enum Distance {
    /// 1 less the cosine of the angle between them.
    #[serde(rename = "cosine")]
    Cosine,
    /// The squared length of their difference.
    L2,
}

/// Predicts the static vector of each word.
#[derive(Debug)]
pub(crate) struct PretrainVectors(PretrainVectorsConfig);

impl PretrainingObjective for PretrainVectors {
    fn hidden_layer(&self) -> HiddenLayer {
        let PretrainVectorsConfig { maxout_pieces, hidden_size: size, .. } = self.0;
        HiddenLayer { size, maxout_pieces, has_dropout: true }
    }

    fn width(&self, vocab: &Vocab) -> Result<usize, ModelError> {
        match vocab.vectors().width() {
            0 => Err(ModelError::NoVectorsToPredict),
            width => Ok(width),
        }
    }

    fn loss(&self, docs: &[&Doc], predicted: &mut [f32]) -> f64 {
        let Some(doc) = docs.first() else { return 0.0 };
        let vectors = doc.vocab().vectors();
        let mut vector = vec![0.0; vectors.width()];
        let n_tokens = (predicted.len() / vector.len()) as f32;
        let mut loss = 0.0;
        let tokens = docs.iter().flat_map(|doc| &doc.tokens);
        for (token, predicted) in tokens.zip(predicted.chunks_exact_mut(vectors.width())) {
            // spaCy: by the word itself, whatever attribute the table is made for (ml/models/multi_task.py).
            vectors.write_vector(token.lexeme.orth, token.text(), &mut vector);
            let share = match self.0.loss {
                Distance::Cosine => cosine,
                Distance::L2 => l2,
            };
            loss += f64::from(share(predicted, &vector, n_tokens));
        }
        loss
    }
}

/// The share of one prediction in the mean of 1 - cosine, and in its place the gradient. A vector of zeros, that of an
/// unknown word, has no direction, and nothing is learned from it.
fn cosine(predicted: &mut [f32], vector: &[f32], n_tokens: f32) -> f32 {
    /// Thinc's, so that no length is zero (thinc/loss.py).
    const EPSILON: f32 = 1e-8;
    if vector.iter().all(|value| *value == 0.0) {
        predicted.fill(0.0);
        return 0.0;
    }
    let [mut dot, mut squares, mut predicted_squares] = [0.0; 3];
    for (value, expected) in predicted.iter_mut().zip(vector) {
        *value += EPSILON;
        let expected = expected + EPSILON;
        dot += *value * expected;
        squares += expected * expected;
        predicted_squares += *value * *value;
    }
    let norms = predicted_squares.sqrt() * squares.sqrt();
    let cosine = dot / norms;
    for (value, expected) in predicted.iter_mut().zip(vector) {
        *value = (cosine * *value / predicted_squares - (expected + EPSILON) / norms) / n_tokens;
    }
    (cosine - 1.0).abs() / n_tokens
}

/// The squared length of the difference, which is divided by the number of tokens first, and in its place that difference.
///
/// spaCy: so the loss is divided by it twice, the gradient once (L2Distance in thinc/loss.py).
fn l2(predicted: &mut [f32], vector: &[f32], n_tokens: f32) -> f32 {
    let mut loss = 0.0;
    for (value, expected) in predicted.iter_mut().zip(vector) {
        *value = (*value - expected) / n_tokens;
        loss += *value * *value;
    }
    loss
}

/// `spacy.PretrainVectors.v1`
pub(crate) fn pretrain_vectors(
    config: PretrainVectorsConfig,
    builder: &Builder<'_>,
) -> Result<Box<dyn PretrainingObjective>, ConfigError> {
    let PretrainVectorsConfig { maxout_pieces, hidden_size, .. } = config;
    check_at_least_one(builder, &[("maxout_pieces", maxout_pieces)])?;
    check_weights(builder, "hidden_size", &[hidden_size, maxout_pieces])?;
    Ok(Box::new(PretrainVectors(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Share = fn(&mut [f32], &[f32], f32) -> f32;

    #[track_caller]
    fn check_gradient(share: Share) {
        let (predicted, vector, n_tokens, step) = ([0.3, -0.8, 0.5], [0.1, -0.4, 0.9], 2.0, 1e-2);
        let mut gradient = predicted;
        share(&mut gradient, &vector, n_tokens);
        for (index, value) in gradient.into_iter().enumerate() {
            let loss_at = |offset: f32| {
                let mut moved = predicted;
                moved[index] += offset;
                share(&mut moved, &vector, n_tokens)
            };
            let slope = (loss_at(step) - loss_at(-step)) / (2.0 * step);
            assert!((value - slope).abs() < 1e-3, "{value} {slope}");
        }
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        check_gradient(cosine);
        // See `l2`: half the slope of a loss that is divided by the two tokens once more.
        check_gradient(l2);
    }

    #[test]
    fn an_unknown_word_teaches_nothing() {
        let mut predicted = [0.5, -0.5];
        assert_eq!(cosine(&mut predicted, &[0.0, 0.0], 1.0), 0.0);
        assert_eq!(predicted, [0.0, 0.0]);
    }
}

use ner_config::{Builder, ConfigError};
use ner_doc::Doc;
use ner_vocab::{Lexeme, Vocab};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{HiddenLayer, PretrainingObjective};
use crate::ModelError;
use crate::argument_checks::{check_at_least_one, check_weights};

/// Predicts the first and the last bytes of each word.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PretrainCharactersConfig {
    /// Pieces of the hidden layer.
    pub maxout_pieces: usize,
    /// Length of the hidden layer's output.
    pub hidden_size: usize,
    /// Bytes of a word that are predicted, half of them from its start.
    pub n_characters: usize,
}

/// The values of a byte.
const N_BYTES: usize = 256;

/// Predicts the first and the last bytes of each word.
#[derive(Debug)]
pub(crate) struct PretrainCharacters(PretrainCharactersConfig);

impl PretrainingObjective for PretrainCharacters {
    fn hidden_layer(&self) -> HiddenLayer {
        let PretrainCharactersConfig { maxout_pieces, hidden_size: size, .. } = self.0;
        HiddenLayer { size, maxout_pieces, has_dropout: false }
    }

    fn width(&self, _: &Vocab) -> Result<usize, ModelError> {
        Ok(N_BYTES * self.0.n_characters)
    }

    fn loss(&self, docs: &[&Doc], predicted: &mut [f32]) -> f64 {
        // spaCy: the last layer is called a softmax, and gives what comes before one: Thinc writes its result elsewhere
        // (MultiSoftmax in thinc/layers/multisoftmax.py). So the distance is that of any numbers from ones and zeros.
        let width = N_BYTES * self.0.n_characters;
        let n_tokens = (predicted.len() / width) as f32;
        let tokens = docs.iter().flat_map(|doc| &doc.tokens);
        let mut bytes = vec![0; self.0.n_characters];
        let mut loss = 0.0;
        for (token, predicted) in tokens.zip(predicted.chunks_exact_mut(width)) {
            Lexeme::write_bytes(token.text(), &mut bytes);
            for (&byte, predicted) in bytes.iter().zip(predicted.chunks_exact_mut(N_BYTES)) {
                predicted[usize::from(byte)] -= 1.0;
            }
            loss += f64::from(predicted.iter().map(|difference| difference * difference).sum::<f32>());
            predicted.iter_mut().for_each(|difference| *difference /= n_tokens);
        }
        loss
    }
}

/// `spacy.PretrainCharacters.v1`
pub(crate) fn pretrain_characters(
    config: PretrainCharactersConfig,
    builder: &Builder<'_>,
) -> Result<Box<dyn PretrainingObjective>, ConfigError> {
    let PretrainCharactersConfig { maxout_pieces, hidden_size, n_characters } = config;
    check_at_least_one(builder, &[("maxout_pieces", maxout_pieces), ("n_characters", n_characters)])?;
    check_weights(builder, "hidden_size", &[hidden_size, n_characters, N_BYTES])?;
    check_weights(builder, "hidden_size", &[hidden_size, maxout_pieces])?;
    Ok(Box::new(PretrainCharacters(config)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The loss and the gradient of numbers that are all 0.25.
    fn loss(word: &str) -> (f64, Vec<f32>) {
        let config = PretrainCharactersConfig { maxout_pieces: 1, hidden_size: 1, n_characters: 2 };
        let vocab = Arc::new(Vocab::new("en").unwrap());
        let doc = Doc::from_words(vocab, &[word], &[true]);
        let mut predicted = vec![0.25; 2 * N_BYTES];
        (PretrainCharacters(config).loss(&[&doc], &mut predicted), predicted)
    }

    #[test]
    fn what_is_predicted_is_the_first_and_the_last_byte() {
        let (loss, gradient) = loss("ab");
        // 510 zeros and two ones are to be predicted.
        assert_eq!(loss, 510.0 * 0.0625 + 2.0 * 0.5625);
        let ones: Vec<usize> = (0..gradient.len()).filter(|&index| gradient[index] < 0.0).collect();
        assert_eq!(ones, [usize::from(b'a'), N_BYTES + usize::from(b'b')]);
        assert_eq!((gradient[0], gradient[ones[0]]), (0.25, -0.75));
    }
}

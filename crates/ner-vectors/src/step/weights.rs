use super::matrix::Matrix;
use crate::Settings;
use crate::lexicon::Lexicon;

/// What is learned.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    /// Rows whose means are the vectors of words: of words and of their parts.
    pub(crate) input: Matrix,
    /// A row for each word as context.
    pub(crate) output: Matrix,
}

impl Weights {
    /// The weights before the first step. Contexts begin at zero, as in word2vec.
    pub(crate) fn new(lexicon: &Lexicon, settings: &Settings) -> Weights {
        Weights {
            input: Matrix::random(lexicon.subwords.n_rows(), settings.dim, settings.seed),
            output: Matrix::zeros(lexicon.n_learned, settings.dim),
        }
    }
}

/// The loss of a step, and of how many pairs of a word and its context it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Loss {
    pub(crate) sum: f64,
    pub(crate) n_pairs: u64,
}

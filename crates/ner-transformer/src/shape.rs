use ner_hub::Activation;

use crate::dropout::Dropout;

/// The sizes and constants of a layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Length of a row that goes in and comes out.
    pub(crate) width: usize,
    pub(crate) n_heads: usize,
    /// Length of a row inside of the feed-forward part.
    pub(crate) inner: usize,
    pub(crate) activation: Activation,
    /// What layer normalisation adds to the variance.
    pub(crate) epsilon: f32,
}

impl Shape {
    /// Length of a head's queries, keys and values.
    pub(crate) fn head(&self) -> usize {
        self.width / self.n_heads
    }
}

/// What a layer drops.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LayerDropout {
    /// Of the weights of attention.
    pub(crate) attention: Option<Dropout>,
    /// Of what attention adds to the rows.
    pub(crate) attention_output: Option<Dropout>,
    /// Of what the feed-forward part adds.
    pub(crate) output: Option<Dropout>,
    /// Whether `attention` drops sums of values, as curated transformers do, in place of the weights of these sums.
    pub(crate) of_context: bool,
}

impl LayerDropout {
    /// Whether nothing is dropped.
    #[cfg(feature = "flex")]
    pub(crate) fn is_none(&self) -> bool {
        [self.attention, self.attention_output, self.output].iter().all(Option::is_none)
    }
}

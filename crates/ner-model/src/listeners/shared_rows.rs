use std::sync::Arc;

use burn::tensor::Tensor;
use ner_layers::{RaggedRows, Reduce};

/// What a component shares with its listeners.
#[derive(Clone, Debug)]
pub struct SharedRows {
    /// The rows `[rows, width]` of each layer of the network that is shared, the last one last; there is at least one, and
    /// all have as many rows.
    pub layers: Vec<Tensor<2>>,
    /// The rows of each token; `None` if there is one for each, in their order.
    pub tokens: Option<Arc<RaggedRows>>,
}

impl SharedRows {
    /// The vectors of tokens, `[tokens, width]`.
    pub fn of_tokens(vectors: Tensor<2>) -> SharedRows {
        SharedRows { layers: vec![vectors], tokens: None }
    }

    /// The rows of the last layer, `[rows, width]`.
    pub fn last(&self) -> &Tensor<2> {
        self.layers.last().expect("a network has a last layer")
    }

    /// One vector of the rows of each token, `[rows, width]` -> `[tokens, width]`.
    pub fn pool(&self, rows: Tensor<2>, pooling: Reduce) -> Tensor<2> {
        match &self.tokens {
            Some(tokens) => pooling.forward(rows, tokens),
            None => rows,
        }
    }

    /// The same values, with nothing recorded for a backward pass.
    pub fn without_autodiff(&self) -> SharedRows {
        let layers = self.layers.iter().map(|layer| layer.clone().without_autodiff());
        SharedRows { layers: layers.collect(), tokens: self.tokens.clone() }
    }
}

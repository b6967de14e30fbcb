use burn::tensor::{Gradients, Tensor};
use ner_layers::to_vec;

use super::SharedRows;

/// The gradient of what a component shares.
#[derive(Clone, Debug)]
pub struct SharedGradient {
    /// That of each shared layer, `[rows, width]`; `None` if the listener reads nothing of it.
    pub layers: Vec<Option<Tensor<2>>>,
}

impl SharedGradient {
    /// That of the vectors of tokens.
    pub fn of_tokens(vectors: Tensor<2>) -> SharedGradient {
        SharedGradient { layers: vec![Some(vectors)] }
    }

    /// The sum of both.
    pub fn plus(self, other: SharedGradient) -> SharedGradient {
        let layers = self.layers.into_iter().zip(other.layers).map(|layers| match layers {
            (Some(sum), Some(gradient)) => Some(sum + gradient),
            (sum, gradient) => sum.or(gradient),
        });
        SharedGradient { layers: layers.collect() }
    }

    /// The sum of its squares, exact to the last digits of single precision: of some ten thousand numbers, a running sum in
    /// single precision is off by 5e-6.
    pub fn squares(&self) -> f64 {
        let numbers = self.layers.iter().flatten().flat_map(|layer| to_vec(layer.clone()));
        numbers.map(|value| f64::from(value).powi(2)).sum()
    }

    /// Passes the gradient back through the network that the rows came from; `None` if it has no weights that learn.
    pub fn backward(self, shared: SharedRows) -> Option<Gradients> {
        // A scalar whose gradient by each layer is the layer's, since Burn begins a backward pass at a scalar. Layers
        // without trainable weights below them have no backward pass.
        let layers = shared.layers.into_iter().zip(self.layers);
        let products = layers.filter(|(layer, _)| layer.is_autodiff());
        let products = products.filter_map(|(layer, gradient)| Some((layer * gradient?.autodiff()).sum()));
        Some(products.reduce(|sum, product| sum + product)?.backward())
    }
}

use burn::tensor::{Gradients, Tensor};
use ner_layers::Mode;

use super::{Listen, SharedGradient, SharedRows};

/// The token vectors that a listener took to learn from.
#[derive(Debug)]
pub struct Heard {
    /// `[tokens, width]`
    vectors: Tensor<2>,
    /// The shared layers as the listener's backward pass ends at them; none if it passes them on.
    leaves: Vec<Tensor<2>>,
    grad_factor: f32,
}

impl Heard {
    /// Takes the vectors. The network behind the shared rows is not passed back through with each listener, but once, with
    /// the sum of all gradients.
    pub fn new(listener: &dyn Listen, shared: &SharedRows, mode: &mut Mode<'_>) -> Heard {
        let shared = shared.without_autodiff();
        if listener.passes_on() {
            return Heard { vectors: shared.last().clone(), leaves: Vec::new(), grad_factor: 1.0 };
        }
        let layers = shared.layers.into_iter().map(|layer| layer.autodiff().require_grad());
        let leaves = SharedRows { layers: layers.collect(), tokens: shared.tokens };
        let vectors = listener.forward(&leaves, mode);
        Heard { vectors, leaves: leaves.layers, grad_factor: listener.grad_factor() }
    }

    /// The vectors of the tokens, `[tokens, width]`.
    pub fn vectors(&self) -> Tensor<2> {
        self.vectors.clone().without_autodiff()
    }

    /// Passes the gradient of the vectors back. Returns that of the shared rows, and the backward pass with those of the
    /// listener's own weights, if there was one.
    pub fn backward(self, d_vectors: Tensor<2>) -> (SharedGradient, Option<Gradients>) {
        if self.leaves.is_empty() {
            return (SharedGradient::of_tokens(d_vectors), None);
        }
        // The gradient of the sum of `vectors * d_vectors` by `vectors` is `d_vectors`: Burn begins a pass at a scalar.
        let mut pass = (self.vectors * d_vectors.autodiff()).sum().backward();
        let layers = self.leaves.into_iter().map(|leaf| {
            let gradient = leaf.grad_remove(&mut pass)?;
            Some(if self.grad_factor == 1.0 { gradient } else { gradient * self.grad_factor })
        });
        (SharedGradient { layers: layers.collect() }, Some(pass))
    }
}

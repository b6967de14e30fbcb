//! Token vectors from what another component of the pipeline has worked out.

mod heard;
pub(crate) mod last_transformer_layer_listener;
mod listener_recipe;
pub(crate) mod pooling;
pub(crate) mod scalar_weight;
pub(crate) mod scalar_weighting_listener;
mod shared_gradient;
mod shared_kind;
mod shared_rows;
pub(crate) mod tok2vec_listener;
pub(crate) mod transformer_listener;

use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_layers::Mode;
use ner_thinc::Layer;

pub use heard::Heard;
pub use listener_recipe::ListenerRecipe;
pub use shared_gradient::SharedGradient;
pub use shared_kind::SharedKind;
pub use shared_rows::SharedRows;

use crate::{LayerTree, Parameter};

/// Takes the vectors of tokens from the rows that another component shares.
pub trait Listen: Debug + Send + Sync {
    /// The vectors of all tokens, `[tokens, width]`.
    fn forward(&self, shared: &SharedRows, mode: &mut Mode<'_>) -> Tensor<2>;

    /// Whether the shared rows are the vectors, so that nothing needs to be computed, neither forwards nor backwards.
    fn passes_on(&self) -> bool {
        false
    }

    /// What the gradient of the shared rows is multiplied by; that of the listener's own weights is not.
    fn grad_factor(&self) -> f32 {
        1.0
    }

    /// The trainable weights, in an order that stays.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        Vec::new()
    }

    /// The listener as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}

//! Networks as model files see them: named parameters in a tree of layers.

pub(crate) mod layer_tree;
pub(crate) mod parameter;
pub(crate) mod python_layers;

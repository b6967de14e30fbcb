//! The parser: scores of the actions of states, and the gradients of the layers that give them.

pub(crate) mod state_gradient;
pub(crate) mod state_layers;
pub(crate) mod state_scorer;
mod token_rows;
pub(crate) mod transition_based_parser;

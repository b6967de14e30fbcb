//! The parser: scores of the actions of states, and the gradients of the layers that give them.
//!
//! The layers above the token vectors work on the host on every device, since states do: they are explored one action
//! after the other, and an operation on tensors for each would cost more than it computes.

mod earlier_tokens;
mod parser_weights;
pub(crate) mod state_gradient;
pub(crate) mod state_layers;
pub(crate) mod state_scorer;
mod token_rows;
pub(crate) mod transition_based_parser;
pub(crate) mod transition_model;

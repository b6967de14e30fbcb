#![doc = include_str!("../README.md")]

mod counts;
mod evaluator;
mod halves;
mod mistakes;
mod out_biases;

pub use evaluator::{Evaluation, Evaluator};
pub use halves::Half;
pub use mistakes::{Mistakes, Span};
pub use out_biases::evaluate_out_biases;

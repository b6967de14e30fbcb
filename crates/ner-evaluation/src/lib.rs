#![doc = include_str!("../README.md")]

mod evaluator;
mod mistakes;

pub use evaluator::{Evaluation, Evaluator};
pub use mistakes::{Mistakes, Span};

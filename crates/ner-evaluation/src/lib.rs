#![doc = include_str!("../README.md")]

mod evaluator;

pub use evaluator::{Evaluation, Evaluator};

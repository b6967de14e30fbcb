use ner_doc::{Doc, Example};

use crate::{Gradients, Random};

/// Examples to learn from in one go.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The examples, of which at least one has a token to predict on.
    pub examples: &'a [&'a Example],
    /// The share of inner values that are left out.
    pub dropout: f64,
}

impl<'a> Batch<'a> {
    /// The documents to predict on.
    pub fn predicted(&self) -> Vec<&'a Doc> {
        self.examples.iter().map(|example| &example.predicted).collect()
    }
}

/// Where a component draws its random numbers from in an update, and where its results go.
#[derive(Debug)]
pub struct Update<'a> {
    /// The generators of the run.
    pub random: &'a mut Random,
    /// The sums of gradients.
    pub gradients: &'a mut Gradients,
    /// The running sum of the component's loss since the last evaluation.
    ///
    /// spaCy: it is summed step by step in single precision, over all batches (transition_parser.pyx); summing up
    /// a batch on its own would give other digits.
    pub loss: &'a mut f32,
}

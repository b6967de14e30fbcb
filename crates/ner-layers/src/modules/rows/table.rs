use std::sync::{Arc, Mutex};

use burn::module::{Module, Param};
use burn::tensor::{Gradients, Tensor};
use ner_optim::RowGradient;

use super::gradient::row_gradient;
use super::sums::RowSums;
use crate::to_vec;

/// A table of which a batch looks up a few rows.
#[derive(Module, Debug)]
pub struct Table {
    /// `[rows, width]`
    pub weight: Param<Tensor<2>>,
    /// The lookups since the gradient was last taken.
    #[module(skip)]
    lookups: Lookups,
}

/// A table has many more rows than a batch looks up. So a backward pass ends at the vectors that were looked up, and their
/// gradient is scattered into the few rows afterwards; through the table it would be a matrix of zeros with a few rows in
/// it, which the optimiser would read as a whole.
#[derive(Clone, Debug, Default)]
struct Lookups(Arc<Mutex<Vec<Lookup>>>);

#[derive(Clone, Debug)]
struct Lookup {
    sums: RowSums,
    /// Where the backward pass ends.
    vectors: Tensor<2>,
}

impl Lookups {
    fn push(&self, lookup: Lookup) {
        self.0.lock().expect("no holder panics").push(lookup);
    }

    fn take(&self) -> Vec<Lookup> {
        std::mem::take(&mut *self.0.lock().expect("no holder panics"))
    }
}

impl Table {
    /// A table of these weights.
    pub fn new(weight: Param<Tensor<2>>) -> Table {
        Table { weight, lookups: Lookups::default() }
    }

    /// Sums of its rows, all of which must exist: `[sums, width]`
    pub fn sums(&self, sums: RowSums) -> Tensor<2> {
        let table = self.weight.val();
        if !table.is_autodiff() {
            return sums.forward(table);
        }
        // The vectors begin a graph of their own, as if they were parameters.
        let vectors = sums.forward(table.without_autodiff()).autodiff().require_grad();
        self.lookups.push(Lookup { sums, vectors: vectors.clone() });
        vectors
    }

    /// Takes the gradient out of a backward pass, if it has one there.
    pub fn take_gradient(&self, gradients: &mut Gradients) -> Option<RowGradient> {
        let [n_rows, width] = self.weight.dims();
        let found = self.lookups.take().into_iter().filter_map(|Lookup { sums, vectors }| {
            let gradient = to_vec(vectors.grad_remove(gradients)?);
            Some(row_gradient(&gradient, &sums, [n_rows, width]))
        });
        found.reduce(RowGradient::merged)
    }

    /// Drops the lookups whose gradient will not be taken, with the tensors that they hold.
    pub fn forget_lookups(&self) {
        self.lookups.take();
    }
}

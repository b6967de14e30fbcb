use std::sync::{Arc, Mutex};

use burn::module::{Module, Param};
use burn::tensor::{Gradients, Tensor};
use ner_cpython::murmur128;
use ner_optim::RowGradient;

use super::init::Init;
use super::row_gradient::row_gradient;
use super::row_sums::RowSums;
use super::to_vec;

/// A table of vectors in which every id, however many there are, owns the sum of four rows (Serrà and
/// Karatzoglou, "Getting deep recommenders fit", 2017).
#[derive(Module, Debug)]
pub struct HashEmbed {
    /// `[rows, width]`
    pub table: Param<Tensor<2>>,
    /// Seed of the hash.
    #[module(skip)]
    pub seed: u32,
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

impl HashEmbed {
    /// A table drawn uniformly from ±0.1.
    pub fn init(width: usize, rows: usize, seed: u32, init: &mut Init<'_>) -> HashEmbed {
        HashEmbed { table: init.uniform(0.1, [rows, width]), seed, lookups: Lookups::default() }
    }

    /// The vectors of ids, `[ids, width]`.
    pub fn forward(&self, ids: impl ExactSizeIterator<Item = u64>) -> Tensor<2> {
        let sources = ids.flat_map(|id| self.sources(id)).collect();
        let (sums, table) = (RowSums::new(sources, 4), self.table.val());
        if !table.is_autodiff() {
            return sums.forward(table);
        }
        // The vectors begin a graph of their own, as if they were parameters.
        let vectors = sums.forward(table.without_autodiff()).autodiff().require_grad();
        self.lookups.push(Lookup { sums, vectors: vectors.clone() });
        vectors
    }

    /// The rows that ids look up, ascending.
    pub fn rows(&self, ids: impl Iterator<Item = u64>) -> Vec<u32> {
        let mut rows: Vec<u32> = ids.flat_map(|id| self.sources(id)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The four rows of an id.
    fn sources(&self, id: u64) -> [u32; 4] {
        let [rows, _] = self.table.dims();
        self.keys(id).map(|key| (key as usize % rows) as u32)
    }

    /// Takes the table's gradient out of a backward pass, if it has one there.
    pub fn take_gradient(&self, gradients: &mut Gradients) -> Option<RowGradient> {
        let [n_rows, width] = self.table.dims();
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

    /// The four keys of an id, from which its rows follow: MurmurHash3_x64_128 of its eight bytes, cut in
    /// four.
    pub fn keys(&self, id: u64) -> [u32; 4] {
        murmur128(&id.to_le_bytes(), self.seed)
    }
}

use std::sync::Arc;

use burn::tensor::{Int, Tensor, TensorData};

#[cfg(feature = "flex")]
use crate::fused::operations;

/// A matrix each of whose rows is a sum of rows of another one: lookup in a table, repetition, padding.
#[derive(Clone, Debug)]
pub struct RowSums {
    /// The indices of the rows to add up, `[sums, n_terms]`
    pub(crate) sources: Arc<[u32]>,
    pub(crate) n_terms: usize,
}

impl RowSums {
    /// The index of a row of zeros, which no matrix has.
    pub const ZEROS: u32 = u32::MAX;

    /// Sums of the rows with these indices, `[sums, n_terms]`.
    pub fn new(sources: Vec<u32>, n_terms: usize) -> RowSums {
        debug_assert!(sources.len().is_multiple_of(n_terms), "the last sum has fewer terms");
        RowSums { sources: sources.into(), n_terms }
    }

    /// Copies of the rows with these indices.
    pub fn copies(sources: Vec<u32>) -> RowSums {
        RowSums::new(sources, 1)
    }

    /// `[rows, width]` -> `[sums, width]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        #[cfg(feature = "flex")]
        if operations::is_available(&x.device()) {
            return operations::row_sums(x, self.sources.clone(), self.n_terms);
        }
        self.compose(x)
    }

    /// The same composed of Burn's operations: for other devices, and the reference in tests.
    pub(crate) fn compose(&self, x: Tensor<2>) -> Tensor<2> {
        let ([n_rows, width], device) = (x.dims(), x.device());
        // Burn selects rows that exist, so that a row of zeros is put behind the others if one is asked for.
        let has_zeros = self.sources.contains(&RowSums::ZEROS);
        let x = if has_zeros { Tensor::cat(vec![x, Tensor::zeros([1, width], &device)], 0) } else { x };
        let rows: Vec<i64> =
            self.sources.iter().map(|&source| i64::from(source).min(n_rows as i64)).collect();
        let rows = Tensor::<1, Int>::from_data(TensorData::new(rows, [self.sources.len()]), &device);
        let terms = x.select(0, rows);
        if self.n_terms == 1 {
            return terms;
        }
        let n_sums = self.sources.len() / self.n_terms;
        terms.reshape([n_sums, self.n_terms, width]).sum_dim(1).reshape([n_sums, width])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Function, check_gradients, check_same};

    fn function(forward: fn(&RowSums, Tensor<2>) -> Tensor<2>, sums: RowSums) -> Function<1> {
        Function { lengths: [5 * 3], value: Box::new(move |[x]| forward(&sums, x.reshape([5, 3]))) }
    }

    #[track_caller]
    fn check(sources: &[u32], n_terms: usize) {
        let sums = RowSums::new(sources.to_vec(), n_terms);
        check_same(function(RowSums::forward, sums.clone()), function(RowSums::compose, sums.clone()));
        check_gradients(function(RowSums::forward, sums));
    }

    #[test]
    fn one_operation_does_what_many_do() {
        check(&[4, 0, 0, 2, 0, 4], 1);
        check(&[4, 0, 0, 2, 0, 4], 2);
        check(&[4, RowSums::ZEROS, 0, 2, RowSums::ZEROS, RowSums::ZEROS], 1);
        check(&[1, 1, 1, 3, RowSums::ZEROS, 2, 4, 0], 4);
    }
}

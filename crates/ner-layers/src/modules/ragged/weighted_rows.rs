use std::sync::Arc;

use burn::tensor::{IndexingUpdateOp, Int, Tensor, TensorData};

/// A matrix each of whose rows is a weighted sum of rows of another one, any number of them. A row without terms is zero.
#[derive(Clone, Debug)]
pub struct WeightedRows {
    /// For each term the row that it is added to, the row that it comes from, and its weight.
    terms: Arc<[(u32, u32, f32)]>,
    n_rows: usize,
}

impl WeightedRows {
    /// The sums whose terms stand one after the other: those of sum `i` from `starts[i]` to `starts[i + 1]`, each with the
    /// row that it comes from and its weight.
    pub fn new(starts: &[u32], rows: &[u32], weights: &[f32]) -> WeightedRows {
        debug_assert!(rows.len() == weights.len(), "each row has a weight");
        let bounds = starts.windows(2).enumerate();
        let terms = bounds.flat_map(|(sum, bounds)| {
            let terms = bounds[0] as usize..bounds[1] as usize;
            terms.map(move |term| (sum as u32, rows[term], weights[term]))
        });
        WeightedRows { terms: terms.collect(), n_rows: starts.len().saturating_sub(1) }
    }

    /// `[rows, width]` -> `[sums, width]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let ([_, width], device) = (x.dims(), x.device());
        let sums = Tensor::zeros([self.n_rows, width], &device);
        if self.terms.is_empty() {
            return sums;
        }
        let n_terms = self.terms.len();
        let indices = |index: fn(&(u32, u32, f32)) -> u32| {
            let indices: Vec<i64> = self.terms.iter().map(|term| i64::from(index(term))).collect();
            Tensor::<1, Int>::from_data(TensorData::new(indices, [n_terms]), &device)
        };
        let mut terms = x.select(0, indices(|term| term.1));
        if self.terms.iter().any(|term| term.2 != 1.0) {
            let weights: Vec<f32> = self.terms.iter().map(|term| term.2).collect();
            terms = terms * Tensor::<2>::from_data(TensorData::new(weights, [n_terms, 1]), &device);
        }
        sums.select_assign(0, indices(|term| term.0), terms, IndexingUpdateOp::Add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Function, check_gradients};

    fn function(sums: WeightedRows) -> Function<1> {
        Function { lengths: [4 * 3], value: Box::new(move |[x]| sums.forward(x.reshape([4, 3]))) }
    }

    #[test]
    fn rows_are_added_up_by_their_weights() {
        let sums =
            WeightedRows::new(&[0, 2, 2, 3, 6], &[3, 0, 1, 1, 2, 1], &[0.5, 2.0, 1.0, 1.0, -1.0, 0.25]);
        let x = Tensor::<2>::from_data([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]], &Default::default());
        let expected = [5.5, 8.0, 0.0, 0.0, 3.0, 4.0, -1.25, -1.0];
        assert_eq!(crate::to_vec(sums.forward(x)), expected);
        check_gradients(function(sums));
    }

    #[test]
    fn sums_without_terms_are_zeros() {
        let sums = WeightedRows::new(&[0, 0, 0], &[], &[]);
        assert_eq!(crate::to_vec(sums.forward(Tensor::ones([4, 3], &Default::default()))), [0.0; 6]);
    }
}

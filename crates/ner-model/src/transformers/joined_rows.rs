use burn::tensor::Tensor;
use ner_layers::WeightedRows;

/// Makes rows of pieces of those of windows that overlap.
pub(super) struct JoinedRows {
    means: WeightedRows,
    gradients: WeightedRows,
}

impl JoinedRows {
    pub(super) fn new(joined: &ner_pieces::WeightedRows) -> JoinedRows {
        let ner_pieces::WeightedRows { rows, weights } = joined;
        // spaCy: the gradients of overlapping windows are meant to be halved, one of the two after the other; both are the
        // same memory, which is halved twice (_normalize_gradients in models/with_strided_spans.py of
        // spacy_curated_transformers).
        let shares = (0..rows.len()).flat_map(|row| {
            let windows = rows.get(row);
            windows.iter().map(|_| 0.25_f32.powi(windows.len() as i32 - 1))
        });
        let shares: Vec<f32> = shares.collect();
        let sums = |weights: &[f32]| WeightedRows::new(&rows.starts, &rows.rows, weights);
        JoinedRows { means: sums(weights), gradients: sums(&shares) }
    }

    /// `[rows of windows, width]` -> `[rows of pieces, width]`
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        if !x.is_autodiff() {
            return self.means.forward(x);
        }
        let means = self.means.forward(x.clone().detach());
        let learning = self.gradients.forward(x);
        // Zeros, with a gradient.
        means + (learning.clone() - learning.detach())
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use ner_layers::to_vec;

    use super::*;

    #[test]
    fn values_are_means_and_gradients_of_an_overlap_are_quarters() {
        let mut joined = ner_pieces::WeightedRows::default();
        joined.push(&[(0, 1.0)]);
        joined.push(&[(1, 0.5), (2, 0.5)]);
        joined.push(&[(3, 1.0)]);
        let x = Tensor::<2>::from_data([[1.0], [2.0], [4.0], [8.0]], &Device::flex().autodiff());
        let x = x.require_grad();
        let rows = JoinedRows::new(&joined).forward(x.clone());
        assert_eq!(to_vec(rows.clone().without_autodiff()), [1.0, 3.0, 8.0]);
        let gradients = rows.sum().backward();
        assert_eq!(to_vec(x.grad(&gradients).unwrap()), [1.0, 0.25, 0.25, 1.0]);
    }
}

use burn::tensor::{Int, Tensor, TensorData};

use super::weighted_rows::WeightedRows;
use crate::modules::rows::sums::RowSums;
use crate::to_vec;

/// The rows that belong to each token, any number of them: those of token `i` are `rows[starts[i]..starts[i + 1]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaggedRows {
    /// One more than there are tokens.
    pub starts: Vec<u32>,
    /// Indices of rows; a row may belong to several tokens.
    pub rows: Vec<u32>,
}

impl RaggedRows {
    /// The number of tokens.
    pub fn n_tokens(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The rows of each token.
    fn tokens(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|bounds| &self.rows[bounds[0] as usize..bounds[1] as usize])
    }
}

/// One vector of all rows of a token; zeros where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
    /// The largest value in each column.
    Max,
    /// The first one.
    First,
    /// The last one.
    Last,
}

impl Reduce {
    /// `[rows, width]` -> `[tokens, width]`
    pub fn forward(self, x: Tensor<2>, rows: &RaggedRows) -> Tensor<2> {
        match self {
            Reduce::Mean => {
                let weights = rows.tokens().flat_map(|rows| rows.iter().map(|_| 1.0 / rows.len() as f32));
                WeightedRows::new(&rows.starts, &rows.rows, &weights.collect::<Vec<_>>()).forward(x)
            }
            Reduce::Sum => {
                WeightedRows::new(&rows.starts, &rows.rows, &vec![1.0; rows.rows.len()]).forward(x)
            }
            Reduce::Max => max(x, rows),
            Reduce::First => copies(x, rows.tokens().map(<[u32]>::first)),
            Reduce::Last => copies(x, rows.tokens().map(<[u32]>::last)),
        }
    }
}

fn copies<'a>(x: Tensor<2>, rows: impl Iterator<Item = Option<&'a u32>>) -> Tensor<2> {
    RowSums::copies(rows.map(|row| row.copied().unwrap_or(RowSums::ZEROS)).collect()).forward(x)
}

/// The place of each largest value is found on the host, so that what is recorded for the backward pass is a plain copy.
fn max(x: Tensor<2>, rows: &RaggedRows) -> Tensor<2> {
    let ([n_rows, width], device) = (x.dims(), x.device());
    let values = to_vec(x.clone().without_autodiff());
    let value = |row: u32, column: usize| values[row as usize * width + column];
    let mut places: Vec<i64> = Vec::with_capacity(rows.n_tokens() * width);
    for rows in rows.tokens() {
        for column in 0..width {
            // The first of equal ones, as in Thinc; the row of zeros that is put behind the others if there is none.
            let larger =
                |best: u32, &row: &u32| if value(row, column) > value(best, column) { row } else { best };
            let best = rows.split_first().map(|(&first, rest)| rest.iter().fold(first, larger));
            places.push(best.map_or(n_rows as i64, i64::from));
        }
    }
    let places = Tensor::<2, Int>::from_data(TensorData::new(places, [rows.n_tokens(), width]), &device);
    Tensor::cat(vec![x, Tensor::zeros([1, width], &device)], 0).gather(0, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Function, check_gradients};

    fn rows() -> RaggedRows {
        RaggedRows { starts: vec![0, 2, 2, 3, 6, 6], rows: vec![3, 0, 1, 1, 2, 0] }
    }

    #[track_caller]
    fn check(reduce: Reduce, expected: [f32; 10]) {
        let x =
            Tensor::<2>::from_data([[1.0, -2.0], [3.0, 4.0], [5.0, -6.0], [-7.0, 8.0]], &Default::default());
        let found = to_vec(reduce.forward(x, &rows()));
        // A mean of three rows is a sum of thirds, each of which is rounded.
        let is_close = found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-6);
        assert!(is_close && found.len() == expected.len(), "{reduce:?}: {found:?}");
        let value = move |[x]: [Tensor<1>; 1]| reduce.forward(x.reshape([4, 3]), &rows());
        check_gradients(Function { lengths: [4 * 3], value: Box::new(value) });
    }

    #[test]
    fn rows_become_one_vector_of_each_token() {
        check(Reduce::Mean, [-3.0, 3.0, 0.0, 0.0, 3.0, 4.0, 3.0, -4.0 / 3.0, 0.0, 0.0]);
        check(Reduce::Sum, [-6.0, 6.0, 0.0, 0.0, 3.0, 4.0, 9.0, -4.0, 0.0, 0.0]);
        check(Reduce::Max, [1.0, 8.0, 0.0, 0.0, 3.0, 4.0, 5.0, 4.0, 0.0, 0.0]);
        check(Reduce::First, [-7.0, 8.0, 0.0, 0.0, 3.0, 4.0, 3.0, 4.0, 0.0, 0.0]);
        check(Reduce::Last, [1.0, -2.0, 0.0, 0.0, 3.0, 4.0, 1.0, -2.0, 0.0, 0.0]);
    }

    #[test]
    fn without_rows_all_vectors_are_zeros() {
        let nothing = RaggedRows { starts: vec![0, 0, 0], rows: Vec::new() };
        for reduce in [Reduce::Mean, Reduce::Sum, Reduce::Max, Reduce::First, Reduce::Last] {
            assert_eq!(to_vec(reduce.forward(Tensor::ones([1, 2], &Default::default()), &nothing)), [0.0; 4]);
        }
    }
}

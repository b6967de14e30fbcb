use crate::error::OptimError;

/// The gradient of a table of which a few rows were used; that of all others is zero.
#[derive(Clone, Debug, PartialEq)]
pub struct RowGradient {
    /// Rows and width of the table.
    pub shape: [usize; 2],
    /// Numbers of the rows, ascending.
    pub rows: Vec<u32>,
    /// Their values, row by row: `[rows, width]`.
    pub values: Vec<f32>,
}

impl RowGradient {
    /// The sum of two gradients of one table.
    pub fn merged(self, other: RowGradient) -> RowGradient {
        // Both lists of rows ascend, so one pass merges them, and the sum ascends too.
        let [_, width] = self.shape;
        let mut sum = RowGradient { shape: self.shape, rows: Vec::new(), values: Vec::new() };
        let (mut ours, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        loop {
            let row = match (ours.peek(), theirs.peek()) {
                (Some((a, _)), Some((b, _))) => (*a).min(*b),
                (Some((row, _)), None) | (None, Some((row, _))) => *row,
                (None, None) => break,
            };
            sum.rows.push(row);
            let start = sum.values.len();
            sum.values.resize(start + width, 0.0);
            let terms = [ours.next_if(|(own, _)| *own == row), theirs.next_if(|(own, _)| *own == row)];
            for (_, values) in terms.into_iter().flatten() {
                sum.values[start..].iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
        }
        sum
    }

    /// The values of the whole table: `[table rows, width]`.
    pub fn to_dense(&self) -> Vec<f32> {
        let [n_rows, width] = self.shape;
        let mut dense = vec![0.0; n_rows * width];
        for (row, values) in self.iter() {
            dense[row as usize * width..][..width].copy_from_slice(values);
        }
        dense
    }

    /// The rows in ascending order: number and values.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[f32])> {
        self.rows.iter().copied().zip(self.values.chunks_exact(self.shape[1].max(1)))
    }

    /// Fails unless it is the gradient of `n_weights` weights of the parameter `key`.
    pub(crate) fn check(&self, key: u64, n_weights: usize) -> Result<(), OptimError> {
        let RowGradient { shape: [n_rows, width], rows, values } = self;
        let mismatch = |what, found, expected| Err(OptimError::LengthMismatch { key, what, found, expected });
        if n_rows * width != n_weights {
            return mismatch("gradient values", n_rows * width, n_weights);
        }
        if let Some(row) = first_out_of_place(rows, *n_rows) {
            return Err(OptimError::RowOutOfPlace { key, row, n_rows: *n_rows });
        }
        if values.len() != rows.len() * width {
            return mismatch("values in the rows of its gradient", values.len(), rows.len() * width);
        }
        Ok(())
    }
}

/// The first of some rows that a table of `n_rows` does not have, or that does not follow the one before.
pub(crate) fn first_out_of_place(rows: &[u32], n_rows: usize) -> Option<u32> {
    let follows = |index: usize| index == 0 || rows[index - 1] < rows[index];
    let is_there = |index: usize| (rows[index] as usize) < n_rows && follows(index);
    (0..rows.len()).find(|&index| !is_there(index)).map(|index| rows[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_two_gradients_add_up_in_order() {
        let gradient = |rows: &[u32], values: &[f32]| RowGradient {
            shape: [5, 2],
            rows: rows.to_vec(),
            values: values.to_vec(),
        };
        let sum = gradient(&[0, 3], &[1.0, 2.0, 7.0, 10.0]).merged(gradient(&[2, 3], &[1.0; 4]));
        assert_eq!(sum, gradient(&[0, 2, 3], &[1.0, 2.0, 1.0, 1.0, 8.0, 11.0]));
        assert_eq!(sum.to_dense(), [1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 8.0, 11.0, 0.0, 0.0]);
    }

    #[test]
    fn rows_must_be_those_of_a_table() {
        let check = |shape, rows: &[u32], n_values| {
            RowGradient { shape, rows: rows.to_vec(), values: vec![0.0; n_values] }.check(7, 6)
        };
        for (rows, n_values) in [(&[][..], 0), (&[0], 2), (&[2], 2), (&[0, 2], 4)] {
            assert_eq!(check([3, 2], rows, n_values), Ok(()), "{rows:?}, {n_values}");
        }
        for (rows, row) in [(&[3][..], 3), (&[0, 0], 0), (&[2, 0], 0)] {
            let expected = OptimError::RowOutOfPlace { key: 7, row, n_rows: 3 };
            assert_eq!(check([3, 2], rows, 2 * rows.len()), Err(expected), "{rows:?}");
        }
        for (shape, rows, n_values) in [([3, 2], &[][..], 1), ([2, 4], &[0], 4), ([3, 2], &[0, 1], 3)] {
            assert!(
                matches!(check(shape, rows, n_values), Err(OptimError::LengthMismatch { key: 7, .. })),
                "{shape:?}, {rows:?}, {n_values}"
            );
        }
    }
}

use pulp::Arch;

use crate::RowSums;

/// The gradient of a table of which a few rows were used; that of all others is zero.
#[derive(Clone, Debug, PartialEq)]
pub struct RowGradient {
    /// Rows and width of the table.
    pub shape: [usize; 2],
    /// Numbers of the rows, ascending.
    pub rows: Vec<u32>,
    /// Their values, row by row.
    pub values: Vec<f32>,
}

impl RowGradient {
    /// The way back from sums of a table's rows: each row of `gradient` is added to all rows that it was made of.
    pub(crate) fn scattered(gradient: &[f32], sums: &RowSums, shape: [usize; 2]) -> RowGradient {
        let [n_rows, width] = shape;
        const UNUSED: u32 = u32::MAX;
        let mut places = vec![UNUSED; n_rows];
        sums.sources.iter().for_each(|&source| places[source as usize] = 0);
        let used = (0_u32..).zip(&mut places).filter(|(_, place)| **place != UNUSED);
        let rows: Vec<u32> = (0..)
            .zip(used)
            .map(|(place, (row, slot))| {
                *slot = place;
                row
            })
            .collect();
        let mut values = vec![0.0; rows.len() * width];
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let terms = sums.sources.chunks_exact(sums.n_terms);
                for (gradient, sources) in gradient.chunks_exact(width).zip(terms) {
                    for &source in sources {
                        let sums = &mut values[places[source as usize] as usize * width..][..width];
                        sums.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
                    }
                }
            },
        );
        RowGradient { shape, rows, values }
    }

    /// The sum of two gradients of one table.
    pub fn merged(self, other: RowGradient) -> RowGradient {
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

    /// The values of the whole table.
    pub fn to_dense(&self) -> Vec<f32> {
        let [n_rows, width] = self.shape;
        let mut dense = vec![0.0; n_rows * width];
        for (row, values) in self.iter() {
            dense[row as usize * width..][..width].copy_from_slice(values);
        }
        dense
    }

    fn iter(&self) -> impl Iterator<Item = (u32, &[f32])> {
        self.rows.iter().copied().zip(self.values.chunks_exact(self.shape[1].max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_go_back_to_all_rows_of_a_sum_and_add_up() {
        let sums = |sources: &[u32]| RowSums::new(sources.to_vec(), 2);
        let first = RowGradient::scattered(&[1.0, 2.0, 3.0, 4.0], &sums(&[3, 0, 3, 3]), [5, 2]);
        assert_eq!((&first.rows[..], &first.values[..]), (&[0, 3][..], &[1.0, 2.0, 7.0, 10.0][..]));
        let second = RowGradient::scattered(&[1.0, 1.0], &sums(&[2, 3]), [5, 2]);
        let dense = [1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 8.0, 11.0, 0.0, 0.0];
        assert_eq!(first.merged(second).to_dense(), dense);
    }
}

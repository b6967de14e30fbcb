use std::ops::Range;

use crate::arithmetic::{NORM_BLOCK, squared_norm};

/// The gradient of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Gradient<'a> {
    /// One value a weight.
    All(&'a [f32]),
    /// Some rows of a matrix; that of the others is zero.
    Rows {
        /// Numbers of the rows, ascending.
        rows: &'a [u32],
        /// Their values, row by row.
        values: &'a [f32],
    },
}

impl Gradient<'_> {
    /// Zero everywhere.
    pub(crate) fn zero() -> Self {
        Gradient::Rows { rows: &[], values: &[] }
    }

    /// The sum of squares of the values of some weights, at most [`NORM_BLOCK`], added up in the same order whether the
    /// gradient is one of rows or not.
    #[inline(always)]
    pub(crate) fn squared_norm(&self, weights: Range<usize>) -> f32 {
        match self {
            Gradient::All(values) => squared_norm(&values[weights]),
            Gradient::Rows { rows: [], .. } => 0.0,
            Gradient::Rows { rows, values } => {
                let width = (values.len() / rows.len()).max(1);
                let first = rows.partition_point(|&row| (row as usize + 1) * width <= weights.start);
                let n_rows = rows[first..].partition_point(|&row| row as usize * width < weights.end);
                if n_rows == 0 {
                    return 0.0;
                }
                let mut block = [0.0; NORM_BLOCK];
                let values = values[first * width..].chunks_exact(width);
                for (&row, values) in rows[first..first + n_rows].iter().zip(values) {
                    let row = row as usize * width..(row as usize + 1) * width;
                    let shared = row.start.max(weights.start)..row.end.min(weights.end);
                    block[shared.start - weights.start..shared.end - weights.start]
                        .copy_from_slice(&values[shared.start - row.start..shared.end - row.start]);
                }
                squared_norm(&block[..weights.len()])
            }
        }
    }

    /// What is wrong with it as the gradient of `n_weights` weights: how many it has values for.
    pub(crate) fn mismatch(&self, n_weights: usize) -> Option<usize> {
        match self {
            Gradient::All(values) => (values.len() != n_weights).then_some(values.len()),
            Gradient::Rows { rows: [], values } => (!values.is_empty()).then_some(values.len()),
            Gradient::Rows { rows: rows @ [.., last], values } => {
                let width = values.len() / rows.len();
                let fits = values.len() == width * rows.len()
                    && rows.is_sorted_by(|a, b| a < b)
                    && n_weights.is_multiple_of(width.max(1))
                    && (*last as usize + 1) * width <= n_weights;
                (!fits).then_some(values.len())
            }
        }
    }

    /// The gradient and `factor` * weights, summed up in `room`, as a gradient of all weights.
    pub(crate) fn add_scaled<'r>(self, factor: f32, weights: &[f32], room: &'r mut Vec<f32>) -> Gradient<'r> {
        room.extend(weights.iter().map(|weight| factor * weight));
        let add = |sums: &mut [f32], values: &[f32]| {
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        };
        match self {
            Gradient::All(values) => add(room, values),
            Gradient::Rows { rows, values } => {
                let width = values.len() / rows.len().max(1);
                for (&row, values) in rows.iter().zip(values.chunks_exact(width.max(1))) {
                    add(&mut room[row as usize * width..][..width], values);
                }
            }
        }
        Gradient::All(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_norm_of_the_whole_to_the_bit() {
        for (width, n_rows) in [(96, 100), (7, 700), (5000, 3), (1, 5000)] {
            let rows: Vec<u32> = (0..n_rows).filter(|row| row % 7 == 1 || row % 31 < 3).collect();
            let values: Vec<f32> = (0..rows.len() * width).map(|i| (i % 13) as f32 / 7.0 - 0.8).collect();
            let mut all = vec![0.0; n_rows as usize * width];
            for (&row, values) in rows.iter().zip(values.chunks(width)) {
                all[row as usize * width..][..width].copy_from_slice(values);
            }
            let n_weights = all.len();
            let (all, some) = (Gradient::All(&all), Gradient::Rows { rows: &rows, values: &values });
            for start in (0..n_weights).step_by(NORM_BLOCK) {
                let block = start..n_weights.min(start + NORM_BLOCK);
                assert_eq!(all.squared_norm(block.clone()), some.squared_norm(block), "{width}, {start}");
            }
        }
    }

    #[test]
    fn rows_must_be_those_of_a_matrix() {
        let mismatch =
            |rows: &[u32], n_values: usize| Gradient::Rows { rows, values: &vec![0.0; n_values] }.mismatch(6);
        for (rows, n_values) in [(&[][..], 0), (&[0], 2), (&[2], 2), (&[0, 2], 4), (&[1], 3)] {
            assert_eq!(mismatch(rows, n_values), None, "{rows:?}, {n_values}");
        }
        for (rows, n_values) in [(&[][..], 1), (&[3], 2), (&[0, 0], 4), (&[2, 0], 4), (&[0], 4), (&[0, 1], 3)]
        {
            assert_eq!(mismatch(rows, n_values), Some(n_values), "{rows:?}, {n_values}");
        }
    }
}

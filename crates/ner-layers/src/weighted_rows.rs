use pulp::{Arch, Simd, WithSimd};

/// One row of a matrix and what it is multiplied by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeightedRow {
    /// Where the row starts in the matrix's numbers.
    pub start: usize,
    /// What the row is multiplied by.
    pub weight: f32,
}

/// Adds rows of `matrix`, each times its weight, to `target`, in their order. A row is as long as the target.
pub fn add_weighted_rows(target: &mut [f32], matrix: &[f32], rows: &[WeightedRow]) {
    Arch::new().dispatch(AddRows { target, matrix, rows });
}

struct AddRows<'a> {
    target: &'a mut [f32],
    matrix: &'a [f32],
    rows: &'a [WeightedRow],
}

impl WithSimd for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        add_rows(simd, self.target, self.matrix, self.rows);
    }
}

/// Six sums at a time are enough to hide the latency of one multiply-add, and leave room for the compiler in the
/// sixteen registers of AVX2.
#[inline(always)]
pub(crate) fn add_rows<S: Simd>(simd: S, target: &mut [f32], matrix: &[f32], rows: &[WeightedRow]) {
    let n_lanes = S::F32_LANES;
    let mut start = 0;
    while target.len() - start >= 6 * n_lanes {
        add_columns::<S, 6>(simd, target, start, matrix, rows);
        start += 6 * n_lanes;
    }
    if target.len() - start >= 4 * n_lanes {
        add_columns::<S, 4>(simd, target, start, matrix, rows);
        start += 4 * n_lanes;
    }
    if target.len() - start >= 2 * n_lanes {
        add_columns::<S, 2>(simd, target, start, matrix, rows);
        start += 2 * n_lanes;
    }
    if target.len() - start >= n_lanes {
        add_columns::<S, 1>(simd, target, start, matrix, rows);
        start += n_lanes;
    }
    if start < target.len() {
        add_last_columns(simd, target, start, matrix, rows);
    }
}

/// The columns from `start` that fill `N` registers.
#[inline(always)]
fn add_columns<S: Simd, const N: usize>(
    simd: S,
    target: &mut [f32],
    start: usize,
    matrix: &[f32],
    rows: &[WeightedRow],
) {
    let n_columns = N * S::F32_LANES;
    let (target, _) = S::as_mut_simd_f32s(&mut target[start..][..n_columns]);
    let mut sums: [S::f32s; N] = core::array::from_fn(
        #[inline(always)]
        |column| target[column],
    );
    for row in rows {
        let (values, _) = S::as_simd_f32s(&matrix[row.start + start..][..n_columns]);
        let weight = simd.splat_f32s(row.weight);
        for (sum, &value) in sums.iter_mut().zip(values) {
            *sum = simd.mul_add_f32s(weight, value, *sum);
        }
    }
    target.copy_from_slice(&sums);
}

/// The columns from `start`, which do not fill a register.
#[inline(always)]
fn add_last_columns<S: Simd>(
    simd: S,
    target: &mut [f32],
    start: usize,
    matrix: &[f32],
    rows: &[WeightedRow],
) {
    let target = &mut target[start..];
    let mut sum = simd.partial_load_f32s(target);
    for row in rows {
        let values = simd.partial_load_f32s(&matrix[row.start + start..][..target.len()]);
        sum = simd.mul_add_f32s(simd.splat_f32s(row.weight), values, sum);
    }
    simd.partial_store_f32s(target, sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_length_are_added() {
        for n_columns in 0..120 {
            let matrix: Vec<f32> = (0..5 * n_columns).map(|value| value as f32).collect();
            let rows = [(3, 2.0), (0, -1.0), (3, 0.5)];
            let rows = rows.map(|(row, weight)| WeightedRow { start: row * n_columns, weight });
            let mut target: Vec<f32> = (0..n_columns).map(|value| -(value as f32)).collect();
            add_weighted_rows(&mut target, &matrix, &rows);
            let expected = |column: usize| {
                let sum = |row: &WeightedRow| row.weight * matrix[row.start + column];
                rows.iter().map(sum).sum::<f32>() - column as f32
            };
            assert_eq!(target, (0..n_columns).map(expected).collect::<Vec<_>>(), "{n_columns} columns");
        }
    }
}

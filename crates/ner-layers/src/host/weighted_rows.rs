use pulp::{Arch, Simd, WithSimd};

use super::registers::{load, store};

/// One row of a matrix and what it is multiplied by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeightedRow {
    /// Where the row starts in the matrix's numbers.
    pub(crate) start: usize,
    /// What the row is multiplied by.
    pub(crate) weight: f32,
}

/// Adds the product of a vector and a matrix: `target[j] += vector[i] * matrix[i, j]`, for small matrices on the host.
pub fn add_vector_times_matrix(target: &mut [f32], vector: &[f32], matrix: &[f32]) {
    Arch::new().dispatch(VectorTimesMatrix { target, vector, matrix });
}

struct VectorTimesMatrix<'a> {
    target: &'a mut [f32],
    vector: &'a [f32],
    matrix: &'a [f32],
}

impl WithSimd for VectorTimesMatrix<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let n_columns = self.target.len();
        let rows = self.vector.iter().enumerate();
        let rows = rows.map(|(row, &weight)| WeightedRow { start: row * n_columns, weight });
        add_rows(simd, self.target, self.matrix, rows);
    }
}

/// Adds the product of a column and a row: `matrix[i, j] += column[i] * row[j]`.
pub fn add_outer_product(matrix: &mut [f32], column: &[f32], row: &[f32]) {
    Arch::new().dispatch(OuterProduct { matrix, column, row });
}

struct OuterProduct<'a> {
    matrix: &'a mut [f32],
    column: &'a [f32],
    row: &'a [f32],
}

impl WithSimd for OuterProduct<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (target, &weight) in self.matrix.chunks_exact_mut(self.row.len()).zip(self.column) {
            add_rows(simd, target, self.row, [WeightedRow { start: 0, weight }]);
        }
    }
}

/// Registers of sums at a time: enough to hide the latency of a multiply-add, and they leave room for what is read in the
/// sixteen registers of AVX2.
const REGISTERS_AT_ONCE: usize = 12;

/// Cuts a row into parts of about the same size whose sums fit into registers: how many registers each fills.
#[inline(always)]
pub(crate) fn parts(n_registers: usize) -> impl Iterator<Item = usize> {
    let mut n_left = n_registers;
    (1..=n_registers.div_ceil(REGISTERS_AT_ONCE)).rev().map(
        #[inline(always)]
        move |n_parts| {
            let n_registers = n_left.div_ceil(n_parts);
            n_left -= n_registers;
            n_registers
        },
    )
}

/// Adds rows of `matrix`, each times its weight, to `target`, in their order. A row is as long as the target.
#[inline(always)]
pub(crate) fn add_rows<S: Simd>(
    simd: S,
    target: &mut [f32],
    matrix: &[f32],
    rows: impl IntoIterator<Item = WeightedRow, IntoIter: Clone>,
) {
    let rows = rows.into_iter();
    if target.len() < S::F32_LANES {
        return add_few_columns(simd, target, matrix, rows);
    }
    // Columns that do not fill a register are worked on with some of those before, from what the target was.
    let last = target.len() - S::F32_LANES;
    let has_last = !target.len().is_multiple_of(S::F32_LANES);
    let mut last_sum = [load(simd, &target[last..])];
    if has_last {
        add_columns::<S, 1>(simd, &mut last_sum, last, matrix, rows.clone());
    }
    let mut start = 0;
    for n_registers in parts(target.len() / S::F32_LANES) {
        let (part, _) = S::as_mut_simd_f32s(&mut target[start..][..n_registers * S::F32_LANES]);
        match n_registers {
            12 => add_columns::<S, 12>(simd, part, start, matrix, rows.clone()),
            11 => add_columns::<S, 11>(simd, part, start, matrix, rows.clone()),
            10 => add_columns::<S, 10>(simd, part, start, matrix, rows.clone()),
            9 => add_columns::<S, 9>(simd, part, start, matrix, rows.clone()),
            8 => add_columns::<S, 8>(simd, part, start, matrix, rows.clone()),
            7 => add_columns::<S, 7>(simd, part, start, matrix, rows.clone()),
            6 => add_columns::<S, 6>(simd, part, start, matrix, rows.clone()),
            5 => add_columns::<S, 5>(simd, part, start, matrix, rows.clone()),
            4 => add_columns::<S, 4>(simd, part, start, matrix, rows.clone()),
            3 => add_columns::<S, 3>(simd, part, start, matrix, rows.clone()),
            2 => add_columns::<S, 2>(simd, part, start, matrix, rows.clone()),
            _ => add_columns::<S, 1>(simd, part, start, matrix, rows.clone()),
        }
        start += n_registers * S::F32_LANES;
    }
    if has_last {
        store(simd, &mut target[last..], last_sum[0]);
    }
}

/// The columns from `start`, which fill the `N` registers of the target.
#[inline(always)]
fn add_columns<S: Simd, const N: usize>(
    simd: S,
    target: &mut [S::f32s],
    start: usize,
    matrix: &[f32],
    rows: impl Iterator<Item = WeightedRow>,
) {
    let mut sums: [S::f32s; N] = core::array::from_fn(
        #[inline(always)]
        |column| target[column],
    );
    for row in rows {
        let (values, _) = S::as_simd_f32s(&matrix[row.start + start..][..N * S::F32_LANES]);
        let weight = simd.splat_f32s(row.weight);
        for (sum, &value) in sums.iter_mut().zip(values) {
            *sum = simd.mul_add_f32s(weight, value, *sum);
        }
    }
    target.copy_from_slice(&sums);
}

/// Columns that do not fill a register.
#[inline(always)]
fn add_few_columns<S: Simd>(
    simd: S,
    target: &mut [f32],
    matrix: &[f32],
    rows: impl Iterator<Item = WeightedRow>,
) {
    let mut sum = simd.partial_load_f32s(target);
    for row in rows {
        let values = simd.partial_load_f32s(&matrix[row.start..][..target.len()]);
        sum = simd.mul_add_f32s(simd.splat_f32s(row.weight), values, sum);
    }
    simd.partial_store_f32s(target, sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|number| (number % 7) as f32 - 3.0).collect()
    }

    #[test]
    fn products_with_rows_of_any_length_are_added() {
        for n_columns in 1..120 {
            let vector = [2.0, -1.0, 0.5];
            let matrix = numbers(3 * n_columns);
            let mut target = numbers(n_columns);
            add_vector_times_matrix(&mut target, &vector, &matrix);
            let product =
                |column: usize| (0..3).map(|row| vector[row] * matrix[row * n_columns + column]).sum::<f32>();
            let expected =
                (0..n_columns).zip(numbers(n_columns)).map(|(column, value)| value + product(column));
            assert_eq!(target, expected.collect::<Vec<_>>(), "{n_columns} columns");
        }
    }

    #[test]
    fn outer_products_are_added() {
        let mut matrix = vec![1.0; 6];
        add_outer_product(&mut matrix, &[2.0, -1.0], &[1.0, 2.0, 3.0]);
        assert_eq!(matrix, [3.0, 5.0, 7.0, 0.0, -1.0, -2.0]);
    }
}

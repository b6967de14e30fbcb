use pulp::{Arch, Simd, WithSimd};

use super::registers::{load, store};

/// A row of a matrix and its factor in a sum of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeightedRow {
    /// Where the row starts in the matrix's numbers: windows over rows start at any row, and overlap.
    pub(crate) start: usize,
    /// The factor.
    pub(crate) weight: f32,
}

/// Adds the product of a vector `[rows]` and a matrix `[rows, columns]` to `target` `[columns]`, for one vector at a time:
/// `target[j] += vector[i] * matrix[i, j]`.
///
/// The matrix is read row by row as it is. Laid out in panels as for [`PackedMatrix`](crate::PackedMatrix), the product of
/// a single vector takes three times as long.
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

/// Adds the product of a column `[rows]` and a row `[columns]` to a matrix `[rows, columns]`:
/// `matrix[i, j] += column[i] * row[j]`.
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

/// Registers of sums at a time. A multiply-add takes about four cycles and two begin in each, so fewer than eight sums
/// would wait for each other; of the sixteen registers of AVX2, twelve leave four for the factor and what is read.
pub(crate) const REGISTERS_AT_ONCE: usize = 12;

/// Cuts a row of `n_registers` into parts whose sums fit into registers: how many registers each part fills, from 1 to
/// [`REGISTERS_AT_ONCE`]. The parts are of about the same size, since a short one would wait for its own sums: 13 registers
/// are 7 and 6, not 12 and 1.
///
/// A part's length must be known to the compiler, so its users match on it, with an arm for each length.
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
///
/// The rows are read again for each part of the columns, so that the sums of a part never leave their registers.
#[inline(always)]
pub(crate) fn add_rows<S: Simd>(
    simd: S,
    target: &mut [f32],
    matrix: &[f32],
    rows: impl IntoIterator<Item = WeightedRow, IntoIter: Clone>,
) {
    const { assert!(REGISTERS_AT_ONCE == 12, "there is an arm for each length of a part") };
    let rows = rows.into_iter();
    if target.len() < S::F32_LANES {
        return add_few_columns(simd, target, matrix, rows);
    }
    // The columns that do not fill a register are summed up together with some of those before, in a full register:
    // partial loads are slower. The sum begins with what the target was, so it is taken before the parts change that,
    // and stored after them; the columns in both get the same sum twice.
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
            1 => add_columns::<S, 1>(simd, part, start, matrix, rows.clone()),
            _ => unreachable!("a part fills between one register and REGISTERS_AT_ONCE"),
        }
        start += n_registers * S::F32_LANES;
    }
    if has_last {
        store(simd, &mut target[last..], last_sum[0]);
    }
}

/// Adds the columns from `start` on, which fill the `N` registers of the target.
#[inline(always)]
fn add_columns<S: Simd, const N: usize>(
    simd: S,
    target: &mut [S::f32s],
    start: usize,
    matrix: &[f32],
    rows: impl Iterator<Item = WeightedRow>,
) {
    // An array of known length stays in registers; sums in `target` would be written back for each row.
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

/// Adds rows of so few columns that they do not fill a register.
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
    fn parts_are_even_and_fit_into_the_registers() {
        for n_registers in 0..200 {
            let parts: Vec<usize> = parts(n_registers).collect();
            assert_eq!(parts.iter().sum::<usize>(), n_registers);
            assert!(parts.iter().all(|part| (1..=REGISTERS_AT_ONCE).contains(part)), "{parts:?}");
            assert!(parts.iter().max() <= parts.iter().min().map(|least| least + 1).as_ref(), "{parts:?}");
        }
    }

    #[test]
    fn outer_products_are_added() {
        let mut matrix = vec![1.0; 6];
        add_outer_product(&mut matrix, &[2.0, -1.0], &[1.0, 2.0, 3.0]);
        assert_eq!(matrix, [3.0, 5.0, 7.0, 0.0, -1.0, -2.0]);
    }
}

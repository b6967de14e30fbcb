use pulp::Simd;

use crate::host::aligned::Aligned;
use crate::host::registers::n_lanes;
use crate::host::weighted_rows::{REGISTERS_AT_ONCE, parts};

/// A matrix cut into parts of columns that fill a few registers each, so that the sums of a part stay in registers and many
/// of its rows stay in the first cache.
///
/// ```text
/// row by row           in parts of two columns
/// a b c d e            a b  f g  k l | c d  h i  m n | e 0  j 0  o 0
/// f g h i j
/// k l m n o
/// ```
#[derive(Debug)]
pub(crate) struct PackedRows {
    n_rows: usize,
    /// How many registers the columns of each part fill.
    parts: Vec<usize>,
    /// `[parts, rows, columns of the part]`; columns beyond the last are zeros.
    numbers: Aligned,
}

impl PackedRows {
    /// Takes a matrix row by row, `[rows, columns]`.
    pub(crate) fn new(matrix: &[f32], n_columns: usize) -> PackedRows {
        let n_lanes = n_lanes();
        let (n_rows, n_registers) = (matrix.len() / n_columns, n_columns.div_ceil(n_lanes));
        let parts: Vec<usize> = parts(n_registers).collect();
        let mut numbers = Aligned::zeros(n_rows * n_registers * n_lanes);
        // `first` is the first column of a part, and `rest` what the parts before have left of the numbers.
        let (mut rest, mut first) = (&mut *numbers, 0);
        for width in parts.iter().map(|n_registers| n_registers * n_lanes) {
            let (part, others) = rest.split_at_mut(n_rows * width);
            for (place, row) in part.chunks_exact_mut(width).zip(matrix.chunks_exact(n_columns)) {
                // The last part ends with the columns; the numbers behind it stay zeros.
                let row = &row[first..n_columns.min(first + width)];
                place[..row.len()].copy_from_slice(row);
            }
            (rest, first) = (others, first + width);
        }
        PackedRows { n_rows, parts, numbers }
    }

    /// Hands each part to `work` in a function compiled for the part's number of registers.
    #[inline(always)]
    pub(crate) fn for_each_part<S: Simd>(&self, simd: S, mut work: impl ForPart) {
        const { assert!(REGISTERS_AT_ONCE == 12, "there is an arm for each length of a part") };
        let mut first = 0;
        for &n_registers in &self.parts {
            let width = n_registers * S::F32_LANES;
            let numbers = &self.numbers[first * self.n_rows..][..self.n_rows * width];
            match n_registers {
                12 => work.run::<S, 12>(simd, first, rows::<S, _>(numbers)),
                11 => work.run::<S, 11>(simd, first, rows::<S, _>(numbers)),
                10 => work.run::<S, 10>(simd, first, rows::<S, _>(numbers)),
                9 => work.run::<S, 9>(simd, first, rows::<S, _>(numbers)),
                8 => work.run::<S, 8>(simd, first, rows::<S, _>(numbers)),
                7 => work.run::<S, 7>(simd, first, rows::<S, _>(numbers)),
                6 => work.run::<S, 6>(simd, first, rows::<S, _>(numbers)),
                5 => work.run::<S, 5>(simd, first, rows::<S, _>(numbers)),
                4 => work.run::<S, 4>(simd, first, rows::<S, _>(numbers)),
                3 => work.run::<S, 3>(simd, first, rows::<S, _>(numbers)),
                2 => work.run::<S, 2>(simd, first, rows::<S, _>(numbers)),
                1 => work.run::<S, 1>(simd, first, rows::<S, _>(numbers)),
                _ => unreachable!("a part fills between one register and REGISTERS_AT_ONCE"),
            }
            first += width;
        }
    }
}

/// Work on every part of a matrix. A trait, since a closure could not be generic in the number of registers.
pub(crate) trait ForPart {
    /// Works on a part whose columns begin with `first_column` and fill `N` registers, `[rows, N]`.
    fn run<S: Simd, const N: usize>(&mut self, simd: S, first_column: usize, rows: &[[S::f32s; N]]);
}

/// The rows of a part, `[rows, N]`.
#[inline(always)]
fn rows<S: Simd, const N: usize>(numbers: &[f32]) -> &[[S::f32s; N]] {
    S::as_simd_f32s(numbers).0.as_chunks::<N>().0
}

#[cfg(test)]
mod tests {
    use pulp::{Arch, WithSimd};

    use super::*;

    /// Puts a matrix together again, with the columns that fill up its last part.
    struct Unpacked<'a> {
        n_columns: usize,
        matrix: &'a mut [f32],
    }

    impl ForPart for Unpacked<'_> {
        fn run<S: Simd, const N: usize>(&mut self, _: S, first_column: usize, rows: &[[S::f32s; N]]) {
            for (row, registers) in rows.iter().enumerate() {
                let numbers: &[f32] = bytemuck::cast_slice(registers);
                self.matrix[row * self.n_columns + first_column..][..numbers.len()].copy_from_slice(numbers);
            }
        }
    }

    struct Unpack<'a>(&'a PackedRows, Unpacked<'a>);

    impl WithSimd for Unpack<'_> {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            self.0.for_each_part(simd, self.1);
        }
    }

    #[test]
    fn parts_hold_the_matrix_and_zeros_behind_it() {
        let n_rows = 3;
        for n_columns in 1..=26 * n_lanes() {
            let matrix: Vec<f32> = (1..=n_rows * n_columns).map(|number| number as f32).collect();
            let packed = PackedRows::new(&matrix, n_columns);
            let n_padded = n_columns.next_multiple_of(n_lanes());
            let mut found = vec![-1.0; n_rows * n_padded];
            Arch::new().dispatch(Unpack(&packed, Unpacked { n_columns: n_padded, matrix: &mut found }));
            for (found, expected) in found.chunks(n_padded).zip(matrix.chunks(n_columns)) {
                assert_eq!(found[..n_columns], *expected, "{n_columns} columns");
                assert!(found[n_columns..].iter().all(|&number| number == 0.0), "{n_columns} columns");
            }
        }
    }
}

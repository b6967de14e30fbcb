use pulp::Simd;

use crate::host::aligned::{Aligned, n_lanes};
use crate::host::weighted_rows::parts;

/// A matrix cut into parts of columns that fill a few registers each, so that a part of many rows stays in the first cache.
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
        let (mut rest, mut first) = (&mut *numbers, 0);
        for width in parts.iter().map(|n_registers| n_registers * n_lanes) {
            let (part, others) = rest.split_at_mut(n_rows * width);
            for (place, row) in part.chunks_exact_mut(width).zip(matrix.chunks_exact(n_columns)) {
                let row = &row[first..n_columns.min(first + width)];
                place[..row.len()].copy_from_slice(row);
            }
            (rest, first) = (others, first + width);
        }
        PackedRows { n_rows, parts, numbers }
    }

    /// Works on all parts.
    #[inline(always)]
    pub(crate) fn for_each_part<S: Simd>(&self, simd: S, mut work: impl ForPart) {
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
                _ => work.run::<S, 1>(simd, first, rows::<S, _>(numbers)),
            }
            first += width;
        }
    }
}

/// Something to do with every part of a matrix.
pub(crate) trait ForPart {
    /// Works on a part whose columns begin with `first_column` and fill `N` registers.
    fn run<S: Simd, const N: usize>(&mut self, simd: S, first_column: usize, rows: &[[S::f32s; N]]);
}

#[inline(always)]
fn rows<S: Simd, const N: usize>(numbers: &[f32]) -> &[[S::f32s; N]] {
    S::as_simd_f32s(numbers).0.as_chunks::<N>().0
}

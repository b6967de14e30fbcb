use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::matrix::{BLOCK_INPUTS, PANEL_REGISTERS, PackedMatrix};
use super::rows::{Source, Strips};
use crate::host::registers::{load, store};

/// Rows that one thread works on together.
pub(super) const BLOCK_ROWS: usize = 48;
/// Rows of a tile with 32 registers: 24 sums, two registers of the matrix, one number of a row.
const MANY_ROWS: usize = 12;
/// Rows of a tile with 16 registers: 12 sums.
const FEW_ROWS: usize = 6;
/// From so many panels on, a tile's numbers are first laid side by side: they are read once for each panel.
const MANY_PANELS: usize = 4;

// The last tile of a block repeats a row as often as it lacks rows, which is work for nothing.
const _: () = assert!(BLOCK_ROWS.is_multiple_of(MANY_ROWS) && BLOCK_ROWS.is_multiple_of(FEW_ROWS));
// With the registers of a panel, and one for a number of a row.
const _: () = assert!(MANY_ROWS * PANEL_REGISTERS + PANEL_REGISTERS < 32, "sums spill out of registers");
const _: () = assert!(FEW_ROWS * PANEL_REGISTERS + PANEL_REGISTERS < 16, "sums spill out of registers");

/// Where a product goes.
#[derive(Debug)]
pub struct Output<'a> {
    /// From the first number of the first row on.
    pub numbers: &'a mut [f32],
    /// How many numbers apart rows begin.
    pub step: usize,
}

/// What the sums of a product start from.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// Zeros.
    Zeros,
    /// A number for each column.
    Bias(&'a [f32]),
    /// What the output holds.
    Output,
}

/// The product of a block of rows with the whole matrix.
pub(super) struct BlockProduct<'a, 'b> {
    pub(super) matrix: &'a PackedMatrix,
    pub(super) rows: Source<'a>,
    pub(super) range: Range<usize>,
    pub(super) start: Start<'a>,
    /// The rows of the block.
    pub(super) output: Output<'b>,
    pub(super) strips: &'b mut Strips,
}

impl WithSimd for BlockProduct<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // As many rows as the registers can hold the sums of.
        if S::REGISTER_COUNT >= 32 {
            self.in_tiles::<S, MANY_ROWS>(simd);
        } else {
            self.in_tiles::<S, FEW_ROWS>(simd);
        }
    }
}

impl BlockProduct<'_, '_> {
    #[inline(always)]
    fn in_tiles<S: Simd, const ROWS: usize>(self, simd: S) {
        let BlockProduct { matrix, rows, range, start, output: Output { numbers: output, step }, strips } =
            self;
        let width = PANEL_REGISTERS * S::F32_LANES;
        let n_panels = matrix.columns.div_ceil(width);
        let tiles = || range.clone().step_by(ROWS);
        let last = range.end - 1;
        for first in (0..matrix.inputs).step_by(BLOCK_INPUTS) {
            let inputs = first..matrix.inputs.min(first + BLOCK_INPUTS);
            let panels = &matrix.panels[first * n_panels * width..][..inputs.len() * n_panels * width];
            let start = if first == 0 { start } else { Start::Output };
            let is_direct = rows.input_step == 1 && n_panels < MANY_PANELS;
            if !is_direct {
                strips.fill::<ROWS>(rows, range.clone(), inputs.clone());
            }
            for (panel, numbers) in panels.chunks_exact(inputs.len() * width).enumerate() {
                let (numbers, _) = S::as_simd_f32s(numbers);
                let (numbers, _) = numbers.as_chunks::<PANEL_REGISTERS>();
                let first_column = panel * width;
                let n_columns = width.min(matrix.columns - first_column);
                for (tile, first_row) in tiles().enumerate() {
                    let n_rows = ROWS.min(range.end - first_row);
                    let output = &mut output[tile * ROWS * step + first_column..];
                    let place = Place { step, n_rows, n_columns };
                    let mut sums = place.start::<S, ROWS>(simd, start, output, first_column);
                    if is_direct {
                        // The last tile repeats its last row: a tile of fewer rows would be another function.
                        let rows: [&[f32]; ROWS] = core::array::from_fn(
                            #[inline(always)]
                            |row| rows.row((first_row + row).min(last), inputs.clone()),
                        );
                        let values = (0..inputs.len()).map(
                            #[inline(always)]
                            |input| rows.map(|row| row[input]),
                        );
                        add_products(simd, &mut sums, numbers, values);
                    } else {
                        let strip = &strips.0[tile * ROWS * inputs.len()..][..ROWS * inputs.len()];
                        let (strip, _) = strip.as_chunks::<ROWS>();
                        add_products(simd, &mut sums, numbers, strip.iter().copied());
                    }
                    place.store::<S, ROWS>(simd, &sums, output);
                }
            }
        }
    }
}

/// Adds the products of the numbers of a panel, input by input, and those of a tile's rows to the tile's sums.
#[inline(always)]
fn add_products<S: Simd, const ROWS: usize>(
    simd: S,
    sums: &mut [[S::f32s; PANEL_REGISTERS]; ROWS],
    panel: &[[S::f32s; PANEL_REGISTERS]],
    values: impl Iterator<Item = [f32; ROWS]>,
) {
    // In a copy of their own the sums stay in registers.
    let mut found = *sums;
    for (numbers, values) in panel.iter().zip(values) {
        for (sums, value) in found.iter_mut().zip(values) {
            let value = simd.splat_f32s(value);
            for (sum, &number) in sums.iter_mut().zip(numbers) {
                *sum = simd.mul_add_f32s(number, value, *sum);
            }
        }
    }
    *sums = found;
}

/// The place of a tile's sums in an output, which may hold fewer rows and columns than the tile.
#[derive(Clone, Copy, Debug)]
struct Place {
    step: usize,
    n_rows: usize,
    n_columns: usize,
}

impl Place {
    #[inline(always)]
    fn start<S: Simd, const ROWS: usize>(
        self,
        simd: S,
        start: Start<'_>,
        output: &[f32],
        first_column: usize,
    ) -> [[S::f32s; PANEL_REGISTERS]; ROWS] {
        let mut sums = [[simd.splat_f32s(0.0); PANEL_REGISTERS]; ROWS];
        match start {
            Start::Zeros => {}
            Start::Bias(bias) => {
                let columns = &bias[first_column..][..self.n_columns];
                let mut row = [simd.splat_f32s(0.0); PANEL_REGISTERS];
                for (sum, numbers) in row.iter_mut().zip(columns.chunks(S::F32_LANES)) {
                    *sum = load(simd, numbers);
                }
                sums = [row; ROWS];
            }
            Start::Output => {
                for (row, sums) in sums.iter_mut().take(self.n_rows).enumerate() {
                    let columns = &output[row * self.step..][..self.n_columns];
                    for (sum, numbers) in sums.iter_mut().zip(columns.chunks(S::F32_LANES)) {
                        *sum = load(simd, numbers);
                    }
                }
            }
        }
        sums
    }

    #[inline(always)]
    fn store<S: Simd, const ROWS: usize>(
        self,
        simd: S,
        sums: &[[S::f32s; PANEL_REGISTERS]; ROWS],
        output: &mut [f32],
    ) {
        for (row, sums) in sums.iter().take(self.n_rows).enumerate() {
            // The zeros behind the last column end here.
            let columns = &mut output[row * self.step..][..self.n_columns];
            for (&sum, numbers) in sums.iter().zip(columns.chunks_mut(S::F32_LANES)) {
                store(simd, numbers, sum);
            }
        }
    }
}

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::aligned::Aligned;
use super::blocks::for_each_block;
use super::registers::{load, n_lanes, store};

/// Registers that the columns of a panel fill. With two, each number of a row that is spread over a register is used twice,
/// and a number of the matrix once for each row of the tile.
const PANEL_REGISTERS: usize = 2;
/// Rows of a tile with 32 registers: 24 sums, two registers of the matrix, one number of a row.
const MANY_ROWS: usize = 12;
/// Rows of a tile with 16 registers: 12 sums.
const FEW_ROWS: usize = 6;
/// Rows that one thread works on together.
const BLOCK_ROWS: usize = 48;
/// Inputs that are multiplied before the sums are put down: what a panel has of them, 48 KB, is read by one tile after the
/// other. Of [512, 384] by [384, 1536], 96, 192 and 384 gave 87, 97 and 101 GFLOP/s where 115 is the most that the core can
/// do: with fewer, loading and storing sums shows. Without any limit, [512, 3072] by [3072, 768] gave 76 in place of 98.
const BLOCK_INPUTS: usize = 384;
/// From so many panels on, a tile's numbers are first laid side by side: they are read once for each panel.
const MANY_PANELS: usize = 4;

// The last tile of a block repeats a row as often as it lacks rows, which is work for nothing.
const _: () = assert!(BLOCK_ROWS.is_multiple_of(MANY_ROWS) && BLOCK_ROWS.is_multiple_of(FEW_ROWS));
// With the registers of a panel, and one for a number of a row.
const _: () = assert!(MANY_ROWS * PANEL_REGISTERS + PANEL_REGISTERS < 32, "sums spill out of registers");
const _: () = assert!(FEW_ROWS * PANEL_REGISTERS + PANEL_REGISTERS < 16, "sums spill out of registers");

/// A matrix `[inputs, columns]` on the host, neither of them zero, laid out in the order in which products with rows read
/// it: what a tile multiplies next lies behind what it has just multiplied.
///
/// ```text
/// row by row                    in panels of two columns
/// a b c d e                     a b  f g  k l | c d  h i  m n | e 0  j 0  o 0
/// f g h i j
/// k l m n o
/// ```
#[derive(Debug, Default)]
pub struct PackedMatrix {
    inputs: usize,
    columns: usize,
    /// `[blocks of inputs, panels, inputs of a block, columns of a panel]`; columns beyond the last are zeros.
    panels: Aligned,
}

/// Rows to be multiplied by a matrix.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// `[rows, inputs]`
    ByRow(&'a [f32]),
    /// `[inputs, rows]`
    ByInput(&'a [f32]),
    /// Rows that begin so many numbers apart, the first one at the first number.
    Apart(&'a [f32], usize),
}

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

/// Scratch memory of products.
#[derive(Debug, Default)]
pub struct Strips(Vec<f32>);

impl PackedMatrix {
    /// Takes a matrix row by row, `[inputs, columns]`.
    pub fn from_rows(matrix: &[f32], columns: usize) -> PackedMatrix {
        let mut packed = PackedMatrix::default();
        packed.pack_rows(matrix, [matrix.len() / columns, columns], columns);
        packed
    }

    /// Takes a matrix column by column, `[columns, inputs]`.
    pub fn from_columns(matrix: &[f32], inputs: usize) -> PackedMatrix {
        let mut packed = PackedMatrix::default();
        packed.pack_columns(matrix, [inputs, matrix.len() / inputs], inputs);
        packed
    }

    /// Takes another matrix of `[inputs, columns]`, whose rows begin `step` numbers apart, in the memory of the last one.
    pub fn pack_rows(&mut self, matrix: &[f32], [inputs, columns]: [usize; 2], step: usize) {
        self.clear([inputs, columns]);
        let width = PANEL_REGISTERS * n_lanes();
        for (input, row) in matrix.chunks(step).take(inputs).enumerate() {
            for (panel, values) in row[..columns].chunks(width).enumerate() {
                let place = self.place(panel, input);
                self.panels[place..][..values.len()].copy_from_slice(values);
            }
        }
    }

    /// Takes another matrix of `[inputs, columns]`, whose columns begin `step` numbers apart, in the memory of the last one.
    pub fn pack_columns(&mut self, matrix: &[f32], [inputs, columns]: [usize; 2], step: usize) {
        self.clear([inputs, columns]);
        let width = PANEL_REGISTERS * n_lanes();
        for (column, values) in matrix.chunks(step).take(columns).enumerate() {
            for (block, values) in values[..inputs].chunks(BLOCK_INPUTS).enumerate() {
                let start = self.place(column / width, block * BLOCK_INPUTS) + column % width;
                let places = self.panels[start..].iter_mut().step_by(width);
                places.zip(values).for_each(|(place, &value)| *place = value);
            }
        }
    }

    /// Zeros of another size.
    fn clear(&mut self, [inputs, columns]: [usize; 2]) {
        let width = PANEL_REGISTERS * n_lanes();
        (self.inputs, self.columns) = (inputs, columns);
        let n_panels = columns.div_ceil(width);
        let numbers = self.panels.resized(n_panels * inputs * width);
        if !columns.is_multiple_of(width) {
            // Only what stands behind the last column is not written over.
            numbers.fill(0.0);
        }
    }

    /// Where the numbers of an input in a panel begin.
    fn place(&self, panel: usize, input: usize) -> usize {
        let width = PANEL_REGISTERS * n_lanes();
        let first = input / BLOCK_INPUTS * BLOCK_INPUTS;
        let n_inputs = BLOCK_INPUTS.min(self.inputs - first);
        (first * self.columns.div_ceil(width) + panel * n_inputs + (input - first)) * width
    }

    /// The product of rows and the matrix, `[rows, columns]`, on all threads. Their number does not change it: each sum is
    /// that of one row and one column, over all inputs in their order.
    pub fn product(&self, rows: Rows<'_>) -> Vec<f32> {
        let rows = Source::new(rows, self.inputs);
        let mut product = vec![0.0; rows.count * self.columns];
        let blocks = product.chunks_mut(BLOCK_ROWS * self.columns);
        for_each_block(blocks, |index, product| {
            let first = index * BLOCK_ROWS;
            let range = first..first + product.len() / self.columns;
            let output = Output { numbers: product, step: self.columns };
            let block = BlockProduct {
                matrix: self,
                rows,
                range,
                start: Start::Zeros,
                output,
                strips: &mut Strips::default(),
            };
            Arch::new().dispatch(block);
        });
        product
    }

    /// The same on the calling thread alone, put into an output. The columns of the output that are none of the product's
    /// stay.
    pub fn multiply(&self, rows: Rows<'_>, start: Start<'_>, output: Output<'_>, strips: &mut Strips) {
        let rows = Source::new(rows, self.inputs);
        let Output { numbers, step } = output;
        for first in (0..rows.count).step_by(2 * BLOCK_ROWS) {
            let range = first..rows.count.min(first + 2 * BLOCK_ROWS);
            let output = Output { numbers: &mut numbers[first * step..], step };
            Arch::new().dispatch(BlockProduct { matrix: self, rows, range, start, output, strips });
        }
    }
}

/// Rows wherever their numbers lie.
#[derive(Clone, Copy, Debug)]
struct Source<'a> {
    numbers: &'a [f32],
    count: usize,
    /// How many numbers apart those of two rows lie.
    row_step: usize,
    /// How many numbers apart those of two inputs lie.
    input_step: usize,
}

impl<'a> Source<'a> {
    fn new(rows: Rows<'a>, inputs: usize) -> Source<'a> {
        match rows {
            Rows::ByRow(numbers) => {
                Source { numbers, count: numbers.len() / inputs, row_step: inputs, input_step: 1 }
            }
            Rows::ByInput(numbers) => {
                let count = numbers.len() / inputs;
                Source { numbers, count, row_step: 1, input_step: count }
            }
            Rows::Apart(numbers, step) => {
                // The last row ends before the next one would begin.
                Source {
                    numbers,
                    count: (numbers.len() + step - inputs) / step,
                    row_step: step,
                    input_step: 1,
                }
            }
        }
    }

    /// The numbers of a row, if they stand side by side.
    #[inline(always)]
    fn row(&self, row: usize, inputs: Range<usize>) -> &'a [f32] {
        &self.numbers[row * self.row_step..][inputs]
    }
}

/// The product of a block of rows with the whole matrix.
struct BlockProduct<'a, 'b> {
    matrix: &'a PackedMatrix,
    rows: Source<'a>,
    range: Range<usize>,
    start: Start<'a>,
    /// The rows of the block.
    output: Output<'b>,
    strips: &'b mut Strips,
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

impl Strips {
    /// Lays the numbers of rows side by side, input by input, tile by tile: `[tiles, inputs, rows of a tile]`. The last tile
    /// repeats its last row.
    #[inline(always)]
    fn fill<const ROWS: usize>(&mut self, rows: Source<'_>, range: Range<usize>, inputs: Range<usize>) {
        let size = ROWS * inputs.len();
        let len = range.len().div_ceil(ROWS) * size;
        if self.0.len() < len {
            self.0.resize(len, 0.0);
        }
        let last = range.end - 1;
        for (strip, first) in self.0.chunks_exact_mut(size).zip(range.step_by(ROWS)) {
            if rows.input_step == 1 {
                for row in 0..ROWS {
                    let numbers = rows.row((first + row).min(last), inputs.clone());
                    let places = strip[row..].iter_mut().step_by(ROWS);
                    places.zip(numbers).for_each(|(place, &number)| *place = number);
                }
            } else {
                let numbers = rows.numbers.chunks(rows.input_step).skip(inputs.start);
                for (places, numbers) in strip.chunks_exact_mut(ROWS).zip(numbers) {
                    match numbers.get(first..first + ROWS) {
                        Some(numbers) if first + ROWS <= last + 1 => places.copy_from_slice(numbers),
                        _ => places
                            .iter_mut()
                            .enumerate()
                            .for_each(|(row, place)| *place = numbers[(first + row).min(last)]),
                    }
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

#[cfg(test)]
mod tests {
    use ner_cpython::NumpyRandom;

    use super::*;

    fn normal(count: usize) -> Vec<f32> {
        let mut numbers = vec![0.0; count];
        NumpyRandom::new(count as u64).fill_normal(0.0, 1.0, &mut numbers);
        numbers
    }

    fn transposed(matrix: &[f32], n_columns: usize) -> Vec<f32> {
        let column = |index: usize| matrix.iter().skip(index).step_by(n_columns).copied();
        (0..n_columns).flat_map(column).collect()
    }

    #[test]
    fn products_are_those_of_the_definition() {
        for [n_rows, inputs, columns] in [[1, 1, 1], [5, 3, 7], [6, 64, 16], [49, 10, 33], [100, 17, 384]] {
            let (rows, matrix) = (normal(n_rows * inputs), normal(inputs * columns + 1));
            let matrix = &matrix[1..];
            let expected: Vec<f32> = rows
                .chunks_exact(inputs)
                .flat_map(|row| {
                    (0..columns).map(|column| {
                        row.iter().enumerate().map(|(i, value)| value * matrix[i * columns + column]).sum()
                    })
                })
                .collect();
            let by_row = PackedMatrix::from_rows(matrix, columns);
            let by_column = PackedMatrix::from_columns(&transposed(matrix, columns), inputs);
            let found = by_row.product(Rows::ByRow(&rows));
            for (found, expected) in found.iter().zip(&expected) {
                assert!(
                    (found - expected).abs() < 1e-4,
                    "{n_rows}, {inputs}, {columns}: {found}, {expected}"
                );
            }
            assert_eq!(found.len(), expected.len());
            assert_eq!(by_column.product(Rows::ByRow(&rows)), found);
            assert_eq!(by_row.product(Rows::ByInput(&transposed(&rows, inputs))), found);
        }
    }
}

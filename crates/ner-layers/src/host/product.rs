use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::aligned::Aligned;
use super::blocks::for_each_block;
use super::registers::n_lanes;

/// Registers that the columns of a panel fill. With two, each number of a row that is spread over a register is used twice,
/// and a number of the matrix once for each row of the tile.
const PANEL_REGISTERS: usize = 2;
/// Rows of a tile with 32 registers: 24 sums, two registers of the matrix, one number of a row.
const MANY_ROWS: usize = 12;
/// Rows of a tile with 16 registers: 12 sums.
const FEW_ROWS: usize = 6;
/// Rows that one thread works on together.
const BLOCK_ROWS: usize = 48;

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
#[derive(Debug)]
pub struct PackedMatrix {
    inputs: usize,
    columns: usize,
    /// `[panels, inputs, columns of a panel]`; columns beyond the last are zeros.
    panels: Aligned,
}

/// Rows to be multiplied by a matrix.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// `[rows, inputs]`
    ByRow(&'a [f32]),
    /// `[inputs, rows]`
    ByInput(&'a [f32]),
}

impl PackedMatrix {
    /// Takes a matrix row by row, `[inputs, columns]`.
    pub fn from_rows(matrix: &[f32], columns: usize) -> PackedMatrix {
        let mut packed = PackedMatrix::zeros(matrix.len() / columns, columns);
        let (width, inputs) = (PANEL_REGISTERS * n_lanes(), packed.inputs);
        for (input, row) in matrix.chunks_exact(columns).enumerate() {
            for (panel, values) in row.chunks(width).enumerate() {
                packed.panels[(panel * inputs + input) * width..][..values.len()].copy_from_slice(values);
            }
        }
        packed
    }

    /// Takes a matrix column by column, `[columns, inputs]`.
    pub fn from_columns(matrix: &[f32], inputs: usize) -> PackedMatrix {
        let mut packed = PackedMatrix::zeros(inputs, matrix.len() / inputs);
        let width = PANEL_REGISTERS * n_lanes();
        for (column, values) in matrix.chunks_exact(inputs).enumerate() {
            let start = column / width * inputs * width + column % width;
            let places = packed.panels[start..].iter_mut().step_by(width);
            places.zip(values).for_each(|(place, &value)| *place = value);
        }
        packed
    }

    fn zeros(inputs: usize, columns: usize) -> PackedMatrix {
        let width = PANEL_REGISTERS * n_lanes();
        PackedMatrix { inputs, columns, panels: Aligned::zeros(columns.div_ceil(width) * inputs * width) }
    }

    /// The product of rows and the matrix, `[rows, columns]`. The number of threads does not change it: each sum is that of
    /// one row and one column, over all inputs in their order.
    pub fn product(&self, rows: Rows<'_>) -> Vec<f32> {
        let (Rows::ByRow(numbers) | Rows::ByInput(numbers)) = rows;
        let mut product = vec![0.0; numbers.len() / self.inputs * self.columns];
        let blocks = product.chunks_mut(BLOCK_ROWS * self.columns);
        for_each_block(blocks, |index, product| {
            let first = index * BLOCK_ROWS;
            let rows = RowsOfBlock { rows, range: first..first + product.len() / self.columns };
            Arch::new().dispatch(BlockProduct { matrix: self, rows, product });
        });
        product
    }
}

/// The rows that one thread multiplies.
#[derive(Clone, Debug)]
struct RowsOfBlock<'a> {
    rows: Rows<'a>,
    range: Range<usize>,
}

/// The product of a block of rows with the whole matrix.
struct BlockProduct<'a, 'b> {
    matrix: &'a PackedMatrix,
    rows: RowsOfBlock<'a>,
    /// `[rows of the block, columns]`
    product: &'b mut [f32],
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
        let BlockProduct { matrix, rows: RowsOfBlock { rows, range }, product } = self;
        // The numbers of a tile, input by input, where the rows themselves lie that way.
        let mut strip = Vec::new();
        for (first, product) in range.clone().step_by(ROWS).zip(product.chunks_mut(ROWS * matrix.columns)) {
            let last = range.end - 1;
            match rows {
                Rows::ByRow(numbers) => {
                    // The last tile repeats its last row: a tile of fewer rows would be another function.
                    let rows: [&[f32]; ROWS] = core::array::from_fn(
                        #[inline(always)]
                        |row| &numbers[(first + row).min(last) * matrix.inputs..][..matrix.inputs],
                    );
                    multiply(
                        simd,
                        matrix,
                        #[inline(always)]
                        |input| rows.map(|row| row[input]),
                        product,
                    );
                }
                Rows::ByInput(numbers) => {
                    // A tile's numbers stand apart, one row of the matrix after the other. Gathered once, they are read
                    // from the first cache for all panels.
                    let n_rows = numbers.len() / matrix.inputs;
                    strip.clear();
                    strip.extend(numbers.chunks_exact(n_rows).map(
                        #[inline(always)]
                        |values| -> [f32; ROWS] {
                            core::array::from_fn(|row| values[(first + row).min(last)])
                        },
                    ));
                    multiply(
                        simd,
                        matrix,
                        #[inline(always)]
                        |input| strip[input],
                        product,
                    );
                }
            }
        }
    }
}

/// Multiplies a tile of rows, whose numbers `values` gives input by input, by all panels of a matrix. `product` may hold
/// fewer rows than the tile.
#[inline(always)]
fn multiply<S: Simd, const ROWS: usize>(
    simd: S,
    matrix: &PackedMatrix,
    values: impl Fn(usize) -> [f32; ROWS],
    product: &mut [f32],
) {
    let width = PANEL_REGISTERS * S::F32_LANES;
    for (panel, first_column) in (0..matrix.columns).step_by(width).enumerate() {
        let (numbers, _) = S::as_simd_f32s(&matrix.panels[panel * matrix.inputs * width..]);
        let (numbers, _) = numbers[..matrix.inputs * PANEL_REGISTERS].as_chunks::<PANEL_REGISTERS>();
        let mut sums = [[simd.splat_f32s(0.0); PANEL_REGISTERS]; ROWS];
        for (input, numbers) in numbers.iter().enumerate() {
            for (sums, value) in sums.iter_mut().zip(values(input)) {
                let value = simd.splat_f32s(value);
                for (sum, &number) in sums.iter_mut().zip(numbers) {
                    *sum = simd.mul_add_f32s(number, value, *sum);
                }
            }
        }
        // The zeros behind the last column end here.
        let n_columns = width.min(matrix.columns - first_column);
        for (row, sums) in product.chunks_exact_mut(matrix.columns).zip(&sums) {
            let sums: &[f32] = bytemuck::cast_slice(sums);
            row[first_column..][..n_columns].copy_from_slice(&sums[..n_columns]);
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

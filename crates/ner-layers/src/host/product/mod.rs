//! Products of rows and matrices on the host.

mod block;
mod matrix;
mod rows;

use pulp::Arch;

pub use block::{Output, Start};
pub use matrix::PackedMatrix;
pub use rows::{Rows, Strips};

use super::blocks::for_each_block;
use block::{BLOCK_ROWS, BlockProduct};
use rows::Source;

impl PackedMatrix {
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

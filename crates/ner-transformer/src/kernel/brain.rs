//! Products of numbers of sixteen bits with sums in single precision, for prediction: twice as many multiplications an
//! instruction, on processors that have them (AVX-512 BF16).

use super::numeric::LANES;

/// Rows of a tile: 24 sums, two registers of the matrix, one number of a row.
const ROWS: usize = 12;
/// Columns of a panel: two registers of sums.
const COLUMNS: usize = 2 * LANES;
/// Numbers that an instruction multiplies for each sum.
const STEP: usize = 2;

/// The weights of a linear layer `[outputs, inputs]` in sixteen bits, the upper half of those of single precision ("brain
/// floating point").
#[derive(Debug)]
pub(crate) struct BrainMatrix {
    inputs: usize,
    outputs: usize,
    /// `[panels, inputs / 2, columns of a panel, 2]`
    panels: Vec<[[u16; STEP]; COLUMNS]>,
}

/// Scratch memory of products: rows in sixteen bits, `[tiles, inputs / 2, rows of a tile, 2]`
#[derive(Debug, Default)]
pub(crate) struct BrainRows(Vec<[[u16; STEP]; ROWS]>);

impl BrainMatrix {
    /// Rounds weights `[outputs, inputs]`.
    pub(crate) fn new(weights: &[f32], inputs: usize) -> BrainMatrix {
        let outputs = weights.len() / inputs;
        let n_steps = inputs.div_ceil(STEP);
        let mut panels = vec![[[0; STEP]; COLUMNS]; outputs.div_ceil(COLUMNS) * n_steps];
        for (output, weights) in weights.chunks_exact(inputs).enumerate() {
            let panel = &mut panels[output / COLUMNS * n_steps..][..n_steps];
            for (place, weights) in panel.iter_mut().zip(weights.chunks(STEP)) {
                for (place, weight) in place[output % COLUMNS].iter_mut().zip(weights) {
                    *place = round(*weight);
                }
            }
        }
        BrainMatrix { inputs, outputs, panels }
    }

    /// The product of rows `[rows, inputs]` and the matrix, plus a bias: `[rows, outputs]`
    pub(crate) fn multiply(&self, rows: &[f32], bias: &[f32], output: &mut [f32], scratch: &mut BrainRows) {
        #[cfg(target_arch = "x86_64")]
        if x86::is_available() {
            // SAFETY: the processor has just been asked for the instructions that the function is compiled with.
            unsafe { x86::multiply(self, rows, bias, output, scratch) };
            return;
        }
        scratch.fill(rows, self.inputs);
        self.multiply_tiles(bias, output, scratch, |panel, strip| {
            let mut sums = [[0.0; COLUMNS]; ROWS];
            for (numbers, values) in panel.iter().zip(strip) {
                for (sums, values) in sums.iter_mut().zip(values) {
                    for (sum, numbers) in sums.iter_mut().zip(numbers) {
                        for (a, b) in values.iter().zip(numbers) {
                            *sum += widen(*a) * widen(*b);
                        }
                    }
                }
            }
            sums
        });
    }

    /// Multiplies tile by tile, with `product` for the sums of a tile and a panel.
    #[inline(always)]
    fn multiply_tiles(
        &self,
        bias: &[f32],
        output: &mut [f32],
        rows: &BrainRows,
        product: impl Fn(&[[[u16; STEP]; COLUMNS]], &[[[u16; STEP]; ROWS]]) -> [[f32; COLUMNS]; ROWS],
    ) {
        let n_steps = self.inputs.div_ceil(STEP);
        for (index, panel) in self.panels.chunks_exact(n_steps).enumerate() {
            let first = index * COLUMNS;
            let columns = first..self.outputs.min(first + COLUMNS);
            let tiles = rows.0.chunks_exact(n_steps);
            for (strip, output) in tiles.zip(output.chunks_mut(ROWS * self.outputs)) {
                let sums = product(panel, strip);
                for (sums, output) in sums.iter().zip(output.chunks_mut(self.outputs)) {
                    let places = output[columns.clone()].iter_mut().zip(&bias[columns.clone()]);
                    for ((place, bias), sum) in places.zip(sums) {
                        *place = sum + bias;
                    }
                }
            }
        }
    }
}

impl BrainRows {
    /// Rounds rows. The last tile is filled up with zeros.
    #[inline(always)]
    fn fill(&mut self, rows: &[f32], inputs: usize) {
        let n_rows = rows.len() / inputs;
        let n_steps = inputs.div_ceil(STEP);
        self.0.clear();
        self.0.resize(n_rows.div_ceil(ROWS) * n_steps, [[0; STEP]; ROWS]);
        let mut numbers = vec![0; n_steps * STEP];
        for (row, values) in rows.chunks_exact(inputs).enumerate() {
            for (number, value) in numbers.iter_mut().zip(values) {
                *number = round(*value);
            }
            let (numbers, _) = numbers.as_chunks::<STEP>();
            let strip = &mut self.0[row / ROWS * n_steps..][..n_steps];
            for (place, numbers) in strip.iter_mut().zip(numbers) {
                place[row % ROWS] = *numbers;
            }
        }
    }
}

/// The nearest number of sixteen bits, of two equally near ones the even one.
#[inline(always)]
fn round(number: f32) -> u16 {
    let bits = number.to_bits();
    // Half of the last bit that stays, less one if that is even. Weights and rows are finite.
    let half = 0x7fff + ((bits >> 16) & 1);
    (bits.wrapping_add(half) >> 16) as u16
}

#[inline(always)]
fn widen(number: u16) -> f32 {
    f32::from_bits(u32::from(number) << 16)
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m512i, _mm512_dpbf16_ps, _mm512_set1_epi32, _mm512_setzero_ps};

    use super::{BrainMatrix, BrainRows, COLUMNS, ROWS, STEP};

    /// Whether the processor has all instructions that the functions below are compiled with.
    pub(super) fn is_available() -> bool {
        is_x86_feature_detected!("avx512bf16")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("fma")
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512bf16,fma")]
    pub(super) fn multiply(
        matrix: &BrainMatrix,
        rows: &[f32],
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut BrainRows,
    ) {
        scratch.fill(rows, matrix.inputs);
        matrix.multiply_tiles(bias, output, scratch, |panel, strip| tile(panel, strip));
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512bf16,fma")]
    #[inline]
    fn tile(panel: &[[[u16; STEP]; COLUMNS]], strip: &[[[u16; STEP]; ROWS]]) -> [[f32; COLUMNS]; ROWS] {
        let mut sums = [[_mm512_setzero_ps(); 2]; ROWS];
        for (numbers, values) in panel.iter().zip(strip) {
            let numbers: [__m512i; 2] = bytemuck::cast(*numbers);
            for (sums, value) in sums.iter_mut().zip(values) {
                let value = _mm512_set1_epi32(bytemuck::cast(*value));
                for (sum, numbers) in sums.iter_mut().zip(numbers) {
                    *sum = _mm512_dpbf16_ps(*sum, bytemuck::cast(numbers), bytemuck::cast(value));
                }
            }
        }
        bytemuck::cast(sums)
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

    #[test]
    fn numbers_are_rounded_to_the_nearest_even() {
        let rounded = |number: f32| widen(round(number));
        assert_eq!(rounded(1.0), 1.0);
        // The numbers next to 1 are 1/128 apart.
        assert_eq!([rounded(1.0 + 1.0 / 256.0), rounded(1.0 + 3.0 / 256.0)], [1.0, 1.0 + 4.0 / 256.0]);
        assert_eq!(rounded(-1.0 - 1.1 / 256.0), -1.0 - 2.0 / 256.0);
    }

    #[test]
    fn products_are_those_of_rounded_numbers() {
        for [n_rows, inputs, outputs] in [[1, 1, 1], [5, 7, 7], [13, 64, 33], [40, 384, 96]] {
            let (rows, weights, bias) =
                (normal(n_rows * inputs), normal(outputs * inputs + 1), normal(outputs));
            let weights = &weights[1..];
            let matrix = BrainMatrix::new(weights, inputs);
            let mut found = vec![0.0; n_rows * outputs];
            matrix.multiply(&rows, &bias, &mut found, &mut BrainRows::default());
            for (row, found) in rows.chunks_exact(inputs).zip(found.chunks_exact(outputs)) {
                for ((weights, bias), found) in weights.chunks_exact(inputs).zip(&bias).zip(found) {
                    let products = row.iter().zip(weights);
                    let products = products.map(|(a, b)| f64::from(widen(round(*a)) * widen(round(*b))));
                    let expected = products.sum::<f64>() + f64::from(*bias);
                    assert!((f64::from(*found) - expected).abs() < 1e-4, "{found}, {expected}");
                }
            }
        }
    }
}

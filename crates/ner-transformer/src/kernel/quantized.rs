//! Products in whole numbers of eight bits, for prediction: four times as many multiplications an instruction as in single
//! precision, on processors that have them (AVX-512 VNNI).

use super::numeric::LANES;

/// Rows of a tile: 24 sums, two registers of the matrix, one number of a row.
const ROWS: usize = 12;
/// Columns of a panel: two registers of sums.
const COLUMNS: usize = 2 * LANES;
/// Numbers that an instruction multiplies for each sum.
const STEP: usize = 4;
/// What is added to the numbers of a row, since the instruction takes them without a sign.
const OFFSET: i32 = 128;
/// The largest number.
const LARGEST: f32 = 127.0;

/// The weights of a linear layer `[outputs, inputs]` in eight bits: each output has a scale, so that its largest weight is
/// 127. Rows get theirs when they are multiplied (dynamic quantisation, as in Jacob et al., "Quantization and training of
/// neural networks for efficient integer-arithmetic-only inference", 2018, without an offset of the weights).
#[derive(Debug)]
pub(crate) struct QuantizedMatrix {
    inputs: usize,
    outputs: usize,
    /// `[panels, inputs / 4, columns of a panel, 4]`
    panels: Vec<[[i8; STEP]; COLUMNS]>,
    /// The value of one, for each output.
    scales: Vec<f32>,
    /// The sum of the weights of each output, times the offset of the rows.
    offsets: Vec<i32>,
}

/// Scratch memory of products.
#[derive(Debug, Default)]
pub(crate) struct QuantizedRows {
    /// `[tiles, inputs / 4, rows of a tile, 4]`
    strips: Vec<[[u8; STEP]; ROWS]>,
    /// The value of one, for each row.
    scales: Vec<f32>,
}

impl QuantizedMatrix {
    /// Quantises weights `[outputs, inputs]`.
    pub(crate) fn new(weights: &[f32], inputs: usize) -> QuantizedMatrix {
        let outputs = weights.len() / inputs;
        let n_steps = inputs.div_ceil(STEP);
        let mut panels = vec![[[0; STEP]; COLUMNS]; outputs.div_ceil(COLUMNS) * n_steps];
        let (mut scales, mut offsets) = (Vec::new(), Vec::new());
        for (output, weights) in weights.chunks_exact(inputs).enumerate() {
            let scale = scale_of(weights);
            let mut sum = 0;
            let panel = &mut panels[output / COLUMNS * n_steps..][..n_steps];
            for (place, weights) in panel.iter_mut().zip(weights.chunks(STEP)) {
                for (place, weight) in place[output % COLUMNS].iter_mut().zip(weights) {
                    *place = (weight / scale).round_ties_even() as i8;
                    sum += i32::from(*place);
                }
            }
            scales.push(scale);
            offsets.push(sum * OFFSET);
        }
        QuantizedMatrix { inputs, outputs, panels, scales, offsets }
    }

    /// The product of rows `[rows, inputs]` and the matrix, plus a bias: `[rows, outputs]`
    pub(crate) fn multiply(
        &self,
        rows: &[f32],
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut QuantizedRows,
    ) {
        #[cfg(target_arch = "x86_64")]
        if x86::is_available() {
            // SAFETY: the processor has just been asked for the instructions that the function is compiled with.
            unsafe { x86::multiply(self, rows, bias, output, scratch) };
            return;
        }
        scratch.fill(rows, self.inputs);
        self.multiply_tiles(bias, output, scratch, |panel, strip| {
            let mut sums = [[0; COLUMNS]; ROWS];
            for (numbers, values) in panel.iter().zip(strip) {
                for (sums, values) in sums.iter_mut().zip(values) {
                    for (sum, numbers) in sums.iter_mut().zip(numbers) {
                        let products = values.iter().zip(numbers).map(|(a, b)| i32::from(*a) * i32::from(*b));
                        *sum += products.sum::<i32>();
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
        rows: &QuantizedRows,
        product: impl Fn(&[[[i8; STEP]; COLUMNS]], &[[[u8; STEP]; ROWS]]) -> [[i32; COLUMNS]; ROWS],
    ) {
        let n_steps = self.inputs.div_ceil(STEP);
        for (index, panel) in self.panels.chunks_exact(n_steps).enumerate() {
            let first = index * COLUMNS;
            let columns = first..self.outputs.min(first + COLUMNS);
            let tiles = rows.strips.chunks_exact(n_steps).zip(rows.scales.chunks(ROWS));
            for ((strip, scales), output) in tiles.zip(output.chunks_mut(ROWS * self.outputs)) {
                let sums = product(panel, strip);
                for ((sums, row_scale), output) in
                    sums.iter().zip(scales).zip(output.chunks_mut(self.outputs))
                {
                    let weights = self.scales[columns.clone()].iter().zip(&self.offsets[columns.clone()]);
                    let places = output[columns.clone()].iter_mut().zip(&bias[columns.clone()]);
                    for (((place, bias), (scale, offset)), sum) in places.zip(weights).zip(sums) {
                        *place = ((sum - offset) as f32).mul_add(scale * row_scale, *bias);
                    }
                }
            }
        }
    }
}

impl QuantizedRows {
    /// Quantises rows, each by its own scale. The last tile is filled up with zeros.
    #[inline(always)]
    fn fill(&mut self, rows: &[f32], inputs: usize) {
        let n_rows = rows.len() / inputs;
        let n_steps = inputs.div_ceil(STEP);
        let zero = [[OFFSET as u8; STEP]; ROWS];
        self.strips.clear();
        self.strips.resize(n_rows.div_ceil(ROWS) * n_steps, zero);
        self.scales.clear();
        let mut numbers = vec![OFFSET as u8; n_steps * STEP];
        for (row, values) in rows.chunks_exact(inputs).enumerate() {
            let scale = scale_of(values);
            let factor = 1.0 / scale;
            for (number, value) in numbers.iter_mut().zip(values) {
                // Added to a small number, 1.5 * 2^23 leaves the nearest integer in the last bits.
                *number = value.mul_add(factor, 12_582_912.0 + OFFSET as f32).to_bits() as u8;
            }
            let (numbers, _) = numbers.as_chunks::<STEP>();
            let strip = &mut self.strips[row / ROWS * n_steps..][..n_steps];
            for (place, numbers) in strip.iter_mut().zip(numbers) {
                place[row % ROWS] = *numbers;
            }
            self.scales.push(scale);
        }
    }
}

/// The value of one, if the number of the largest magnitude is 127.
#[inline(always)]
fn scale_of(values: &[f32]) -> f32 {
    let (head, tail) = values.as_chunks::<LANES>();
    let mut largest = [0.0_f32; LANES];
    for values in head {
        for (largest, value) in largest.iter_mut().zip(values) {
            *largest = largest.max(value.abs());
        }
    }
    let mut result = 0.0_f32;
    for value in largest {
        result = result.max(value);
    }
    for value in tail {
        result = result.max(value.abs());
    }
    // Of a row of zeros any scale is right but zero.
    if result > 0.0 { result / LARGEST } else { 1.0 }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m512i, _mm512_dpbusd_epi32, _mm512_set1_epi32, _mm512_setzero_si512};

    use super::{COLUMNS, QuantizedMatrix, QuantizedRows, ROWS, STEP};

    /// Whether the processor has all instructions that the functions below are compiled with.
    pub(super) fn is_available() -> bool {
        is_x86_feature_detected!("avx512vnni")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("fma")
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512vnni,fma")]
    pub(super) fn multiply(
        matrix: &QuantizedMatrix,
        rows: &[f32],
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut QuantizedRows,
    ) {
        scratch.fill(rows, matrix.inputs);
        matrix.multiply_tiles(bias, output, scratch, |panel, strip| tile(panel, strip));
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512vnni,fma")]
    #[inline]
    fn tile(panel: &[[[i8; STEP]; COLUMNS]], strip: &[[[u8; STEP]; ROWS]]) -> [[i32; COLUMNS]; ROWS] {
        let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
        for (numbers, values) in panel.iter().zip(strip) {
            let numbers: [__m512i; 2] = bytemuck::cast(*numbers);
            for (sums, value) in sums.iter_mut().zip(values) {
                let value = _mm512_set1_epi32(i32::from_le_bytes(*value));
                for (sum, numbers) in sums.iter_mut().zip(numbers) {
                    *sum = _mm512_dpbusd_epi32(*sum, value, numbers);
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
    fn products_are_those_of_rounded_numbers() {
        for [n_rows, inputs, outputs] in [[1, 1, 1], [5, 6, 7], [13, 64, 33], [40, 384, 96]] {
            let (rows, weights, bias) =
                (normal(n_rows * inputs), normal(outputs * inputs + 1), normal(outputs));
            let weights = &weights[1..];
            let matrix = QuantizedMatrix::new(weights, inputs);
            let mut found = vec![0.0; n_rows * outputs];
            matrix.multiply(&rows, &bias, &mut found, &mut QuantizedRows::default());
            let rounded = |values: &[f32]| -> Vec<f64> {
                let scale = scale_of(values);
                values.iter().map(|value| f64::from((value / scale).round_ties_even() * scale)).collect()
            };
            for (row, found) in rows.chunks_exact(inputs).zip(found.chunks_exact(outputs)) {
                for ((weights, bias), found) in weights.chunks_exact(inputs).zip(&bias).zip(found) {
                    let products = rounded(row).into_iter().zip(rounded(weights)).map(|(a, b)| a * b);
                    let expected = products.sum::<f64>() + f64::from(*bias);
                    // A number in the middle between two may be rounded to either.
                    assert!((f64::from(*found) - expected).abs() < 0.02, "{found}, {expected}");
                }
            }
        }
    }
}

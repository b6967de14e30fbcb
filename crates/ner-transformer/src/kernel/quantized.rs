//! Products in whole numbers of eight bits, for prediction: four times as many multiplications an instruction as in single
//! precision, on processors that have them (AVX-512 VNNI).

use super::narrow::{COLUMNS, NarrowMatrix, NarrowRows, Panel, ROWS, Strip, Sums};
use super::numeric::LANES;

/// Numbers of a word.
const PER_WORD: usize = 4;
/// What is added to the numbers of a row, since the instruction takes them without a sign.
const OFFSET: u8 = 128;
/// The largest number.
const LARGEST: f32 = 127.0;

/// The weights of a linear layer `[outputs, inputs]` in eight bits: each output has a scale, so that its largest weight is
/// 127. Rows get theirs when they are multiplied (dynamic quantisation, as in Jacob et al., "Quantization and training of
/// neural networks for efficient integer-arithmetic-only inference", 2018, without an offset of the weights).
#[derive(Debug)]
pub(crate) struct QuantizedMatrix {
    inputs: usize,
    words: NarrowMatrix,
    /// The value of one, for each output.
    scales: Vec<f32>,
    /// The sum of the weights of each output, times the offset of the rows.
    offsets: Vec<i32>,
}

/// Scratch memory of products.
#[derive(Debug, Default)]
pub(crate) struct QuantizedRows {
    words: NarrowRows,
    /// The value of one, for each row.
    scales: Vec<f32>,
}

impl QuantizedMatrix {
    /// Quantises weights `[outputs, inputs]`.
    pub(crate) fn new(weights: &[f32], inputs: usize) -> QuantizedMatrix {
        let (mut scales, mut offsets) = (Vec::new(), Vec::new());
        let outputs = weights.chunks_exact(inputs).map(|weights| {
            let scale = scale_of(weights);
            let numbers: Vec<i8> =
                weights.iter().map(|weight| (weight / scale).round_ties_even() as i8).collect();
            scales.push(scale);
            offsets.push(numbers.iter().map(|number| i32::from(*number)).sum::<i32>() * i32::from(OFFSET));
            let word = |numbers: &[i8]| {
                let mut word = [0; PER_WORD];
                word[..numbers.len()].copy_from_slice(bytemuck::cast_slice(numbers));
                u32::from_le_bytes(word)
            };
            numbers.chunks(PER_WORD).map(word).collect()
        });
        let words = NarrowMatrix::new(inputs.div_ceil(PER_WORD), outputs);
        QuantizedMatrix { inputs, words, scales, offsets }
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
        self.multiply_with(rows, bias, output, scratch, |panel, strip| {
            let mut sums: Sums<i32> = [[0; COLUMNS]; ROWS];
            for (numbers, values) in panel.iter().zip(strip) {
                for (sums, value) in sums.iter_mut().zip(values) {
                    for (sum, number) in sums.iter_mut().zip(numbers) {
                        for (a, b) in value.to_le_bytes().into_iter().zip(number.to_le_bytes()) {
                            *sum += i32::from(a) * i32::from(b as i8);
                        }
                    }
                }
            }
            sums
        });
    }

    #[inline(always)]
    fn multiply_with(
        &self,
        rows: &[f32],
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut QuantizedRows,
        product: impl Fn(&Panel, &Strip) -> Sums<i32>,
    ) {
        scratch.fill(rows, self.inputs);
        let row_scales = &scratch.scales;
        self.words.multiply(
            &scratch.words,
            output,
            product,
            #[inline(always)]
            |row, first, sums, output| {
                let weights = self.scales[first..].iter().zip(&self.offsets[first..]);
                let places = output.iter_mut().zip(&bias[first..]);
                for (((place, bias), (scale, offset)), sum) in places.zip(weights).zip(sums) {
                    *place = ((sum - offset) as f32).mul_add(scale * row_scales[row], *bias);
                }
            },
        );
    }
}

impl QuantizedRows {
    /// Quantises rows, each by its own scale.
    #[inline(always)]
    fn fill(&mut self, rows: &[f32], inputs: usize) {
        let n_words = inputs.div_ceil(PER_WORD);
        self.words.clear(rows.len() / inputs, n_words, u32::from_le_bytes([OFFSET; PER_WORD]));
        self.scales.clear();
        let mut numbers = vec![OFFSET; n_words * PER_WORD];
        let mut words = vec![0; n_words];
        for (row, values) in rows.chunks_exact(inputs).enumerate() {
            let scale = scale_of(values);
            let factor = 1.0 / scale;
            for (number, value) in numbers.iter_mut().zip(values) {
                // Added to a small number, 1.5 * 2^23 leaves the nearest integer in the last bits.
                *number = value.mul_add(factor, 12_582_912.0 + f32::from(OFFSET)).to_bits() as u8;
            }
            for (word, numbers) in words.iter_mut().zip(numbers.as_chunks::<PER_WORD>().0) {
                *word = u32::from_le_bytes(*numbers);
            }
            self.words.put(row, &words);
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

    use super::{QuantizedMatrix, QuantizedRows};
    use crate::kernel::narrow::{Panel, ROWS, Strip, Sums, has_wide_registers};

    /// Whether the processor has all instructions that the functions below are compiled with.
    pub(super) fn is_available() -> bool {
        has_wide_registers() && is_x86_feature_detected!("avx512vnni")
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512vnni,fma")]
    pub(super) fn multiply(
        matrix: &QuantizedMatrix,
        rows: &[f32],
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut QuantizedRows,
    ) {
        matrix.multiply_with(rows, bias, output, scratch, |panel, strip| tile(panel, strip));
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512vnni,fma")]
    #[inline]
    fn tile(panel: &Panel, strip: &Strip) -> Sums<i32> {
        let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
        for (numbers, values) in panel.iter().zip(strip) {
            let numbers: [__m512i; 2] = bytemuck::cast(*numbers);
            for (sums, value) in sums.iter_mut().zip(values) {
                let value = _mm512_set1_epi32(*value as i32);
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

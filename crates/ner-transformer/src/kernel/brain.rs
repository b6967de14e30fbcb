//! Products of numbers of sixteen bits with sums in single precision, for prediction: twice as many multiplications an
//! instruction, on processors that have them (AVX-512 BF16).

use super::narrow::{COLUMNS, NarrowMatrix, NarrowRows, Panel, ROWS, Strip, Sums};

/// Numbers of a word.
const PER_WORD: usize = 2;

/// The weights of a linear layer `[outputs, inputs]` in sixteen bits, the upper half of those of single precision ("brain
/// floating point").
#[derive(Debug)]
pub(crate) struct BrainMatrix {
    inputs: usize,
    words: NarrowMatrix,
}

/// Scratch memory of products.
#[derive(Debug, Default)]
pub(crate) struct BrainRows(NarrowRows);

impl BrainMatrix {
    /// Rounds weights `[outputs, inputs]`.
    pub(crate) fn new(weights: &[f32], inputs: usize) -> BrainMatrix {
        let outputs =
            weights.chunks_exact(inputs).map(|weights| weights.chunks(PER_WORD).map(word).collect());
        BrainMatrix { inputs, words: NarrowMatrix::new(inputs.div_ceil(PER_WORD), outputs) }
    }

    /// The product of rows `[rows, inputs]` and the matrix, plus a bias: `[rows, outputs]`
    pub(crate) fn multiply(&self, rows: &[f32], bias: &[f32], output: &mut [f32], scratch: &mut BrainRows) {
        #[cfg(target_arch = "x86_64")]
        if x86::is_available() {
            // SAFETY: the processor has just been asked for the instructions that the function is compiled with.
            unsafe { x86::multiply(self, rows, bias, output, scratch) };
            return;
        }
        self.multiply_with(rows, bias, output, scratch, |panel, strip| {
            let mut sums = [[0.0; COLUMNS]; ROWS];
            for (numbers, values) in panel.iter().zip(strip) {
                for (sums, value) in sums.iter_mut().zip(values) {
                    for (sum, number) in sums.iter_mut().zip(numbers) {
                        *sum += widen(*value as u16) * widen(*number as u16);
                        *sum += widen((value >> 16) as u16) * widen((number >> 16) as u16);
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
        scratch: &mut BrainRows,
        product: impl Fn(&Panel, &Strip) -> Sums<f32>,
    ) {
        scratch.fill(rows, self.inputs);
        self.words.multiply(
            &scratch.0,
            output,
            product,
            #[inline(always)]
            |_, first, sums, output| {
                for ((place, bias), sum) in output.iter_mut().zip(&bias[first..]).zip(sums) {
                    *place = sum + bias;
                }
            },
        );
    }
}

impl BrainRows {
    /// Rounds rows.
    #[inline(always)]
    fn fill(&mut self, rows: &[f32], inputs: usize) {
        let n_words = inputs.div_ceil(PER_WORD);
        self.0.clear(rows.len() / inputs, n_words, 0);
        let mut words = vec![0; n_words];
        for (row, values) in rows.chunks_exact(inputs).enumerate() {
            for (place, values) in words.iter_mut().zip(values.chunks(PER_WORD)) {
                *place = word(values);
            }
            self.0.put(row, &words);
        }
    }
}

/// One or two numbers in a word, the first in the lower half.
#[inline(always)]
fn word(numbers: &[f32]) -> u32 {
    let upper = numbers.get(1).map_or(0, |number| u32::from(round(*number)));
    u32::from(round(numbers[0])) | upper << 16
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

    use super::{BrainMatrix, BrainRows};
    use crate::kernel::narrow::{Panel, ROWS, Strip, Sums, has_wide_registers};

    /// Whether the processor has all instructions that the functions below are compiled with.
    pub(super) fn is_available() -> bool {
        has_wide_registers() && is_x86_feature_detected!("avx512bf16")
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512bf16,fma")]
    pub(super) fn multiply(
        matrix: &BrainMatrix,
        rows: &[f32],
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut BrainRows,
    ) {
        matrix.multiply_with(rows, bias, output, scratch, |panel, strip| tile(panel, strip));
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512bf16,fma")]
    #[inline]
    fn tile(panel: &Panel, strip: &Strip) -> Sums<f32> {
        let mut sums = [[_mm512_setzero_ps(); 2]; ROWS];
        for (numbers, values) in panel.iter().zip(strip) {
            let numbers: [__m512i; 2] = bytemuck::cast(*numbers);
            for (sums, value) in sums.iter_mut().zip(values) {
                let value = _mm512_set1_epi32(*value as i32);
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

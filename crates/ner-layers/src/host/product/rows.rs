use std::ops::Range;

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

/// Scratch memory of products.
#[derive(Debug, Default)]
pub struct Strips(pub(super) Vec<f32>);

/// Rows wherever their numbers lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    numbers: &'a [f32],
    pub(super) count: usize,
    /// How many numbers apart those of two rows lie.
    row_step: usize,
    /// How many numbers apart those of two inputs lie.
    pub(super) input_step: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(rows: Rows<'a>, inputs: usize) -> Source<'a> {
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
    pub(super) fn row(&self, row: usize, inputs: Range<usize>) -> &'a [f32] {
        &self.numbers[row * self.row_step..][inputs]
    }
}

impl Strips {
    /// Lays the numbers of rows side by side, input by input, tile by tile: `[tiles, inputs, rows of a tile]`. The last tile
    /// repeats its last row.
    #[inline(always)]
    pub(super) fn fill<const ROWS: usize>(
        &mut self,
        rows: Source<'_>,
        range: Range<usize>,
        inputs: Range<usize>,
    ) {
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

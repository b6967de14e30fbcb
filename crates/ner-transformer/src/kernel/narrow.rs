//! Products of numbers of fewer than 32 bits, for prediction: an instruction multiplies all of a word of 32 bits, so that a
//! product is laid out alike whatever the words hold.

/// Rows of a tile: 24 sums, two registers of the matrix, one word of a row.
pub(super) const ROWS: usize = 12;
/// Columns of a panel: two registers of sums.
pub(super) const COLUMNS: usize = 32;

/// Words of a matrix, `[panels, words of an input, columns of a panel]`; those behind the last column are zeros.
pub(super) type Panel = [[u32; COLUMNS]];
/// Words of rows, `[tiles, words of a row, rows of a tile]`.
pub(super) type Strip = [[u32; ROWS]];
/// The sums of a tile and a panel.
pub(super) type Sums<Sum> = [[Sum; COLUMNS]; ROWS];

/// The weights of a linear layer in words.
#[derive(Debug)]
pub(super) struct NarrowMatrix {
    outputs: usize,
    /// Words of an output's weights.
    n_words: usize,
    panels: Vec<[u32; COLUMNS]>,
}

/// Rows in words.
#[derive(Debug, Default)]
pub(super) struct NarrowRows(Vec<[u32; ROWS]>);

impl NarrowMatrix {
    /// A matrix whose outputs have so many words each, given output by output.
    pub(super) fn new(n_words: usize, outputs: impl ExactSizeIterator<Item = Vec<u32>>) -> NarrowMatrix {
        let n_outputs = outputs.len();
        let mut panels = vec![[0; COLUMNS]; n_outputs.div_ceil(COLUMNS) * n_words];
        for (output, words) in outputs.enumerate() {
            let panel = &mut panels[output / COLUMNS * n_words..][..n_words];
            for (place, word) in panel.iter_mut().zip(words) {
                place[output % COLUMNS] = word;
            }
        }
        NarrowMatrix { outputs: n_outputs, n_words, panels }
    }

    /// Multiplies tile by tile. `product` gives the sums of a panel and a strip, `finish` makes of a row's sums, which are those
    /// of the columns from the given one on, numbers of the output `[rows, outputs]`.
    #[inline(always)]
    pub(super) fn multiply<Sum>(
        &self,
        rows: &NarrowRows,
        output: &mut [f32],
        product: impl Fn(&Panel, &Strip) -> Sums<Sum>,
        finish: impl Fn(usize, usize, &[Sum; COLUMNS], &mut [f32]),
    ) {
        for (index, panel) in self.panels.chunks_exact(self.n_words).enumerate() {
            let first = index * COLUMNS;
            let columns = first..self.outputs.min(first + COLUMNS);
            let tiles = rows.0.chunks_exact(self.n_words).zip(output.chunks_mut(ROWS * self.outputs));
            for (tile, (strip, output)) in tiles.enumerate() {
                let sums = product(panel, strip);
                for (row, (sums, output)) in sums.iter().zip(output.chunks_mut(self.outputs)).enumerate() {
                    finish(tile * ROWS + row, first, sums, &mut output[columns.clone()]);
                }
            }
        }
    }
}

impl NarrowRows {
    /// Makes room for rows of so many words, which are `empty` until they are put.
    #[inline(always)]
    pub(super) fn clear(&mut self, n_rows: usize, n_words: usize, empty: u32) {
        self.0.clear();
        self.0.resize(n_rows.div_ceil(ROWS) * n_words, [empty; ROWS]);
    }

    /// Puts the words of a row.
    #[inline(always)]
    pub(super) fn put(&mut self, row: usize, words: &[u32]) {
        let strip = &mut self.0[row / ROWS * words.len()..][..words.len()];
        for (place, word) in strip.iter_mut().zip(words) {
            place[row % ROWS] = *word;
        }
    }
}

/// Whether the processor has the instructions of AVX-512 that all products of this kind are compiled with.
#[cfg(target_arch = "x86_64")]
pub(super) fn has_wide_registers() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("fma")
}

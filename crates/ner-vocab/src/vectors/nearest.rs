use pulp::{Arch, Simd, WithSimd};

/// Rows among which the one with the largest product with a query is looked for, laid out for registers: panels of
/// [`LANES`] rows, in which the values of one column stand side by side.
pub(super) struct Candidates {
    panels: Vec<f32>,
    n_rows: usize,
    width: usize,
}

/// Rows of a panel: one register of AVX-512, two of AVX2, four of NEON.
const LANES: usize = 16;

/// Queries that share a panel's values while these are in registers. Six times two registers of sums, two of values and one
/// of a query's value are what AVX2 has.
const QUERIES: usize = 6;

/// Most registers that a panel's column takes: scalars.
const MAX_REGISTERS: usize = LANES;

impl Candidates {
    /// The rows of `data`, each divided by its length.
    pub(super) fn normalised(data: &[f32], width: usize) -> Candidates {
        let n_rows = data.len() / width;
        let mut panels = vec![0.0; n_rows.next_multiple_of(LANES) * width];
        for (index, row) in data.chunks_exact(width).enumerate() {
            let (panel, lane) = (index / LANES * LANES * width, index % LANES);
            let norm = row.iter().map(|value| value * value).sum::<f32>().sqrt();
            let norm = if norm == 0.0 { 1.0 } else { norm };
            for (column, value) in row.iter().enumerate() {
                panels[panel + column * LANES + lane] = value / norm;
            }
        }
        Candidates { panels, n_rows, width }
    }

    /// The row with the largest product with each of the queries; of several the last.
    pub(super) fn nearest(&self, queries: &[&[f32]]) -> Vec<usize> {
        let arch = Arch::new();
        let mut best = vec![(f32::NEG_INFINITY, 0); queries.len()];
        for (queries, best) in queries.chunks(QUERIES).zip(best.chunks_mut(QUERIES)) {
            // The last query fills up the places of those that are missing.
            let queries = std::array::from_fn(|index| queries[index.min(queries.len() - 1)]);
            arch.dispatch(Search { candidates: self, queries, best });
        }
        best.into_iter().map(|(_, row)| row).collect()
    }
}

struct Search<'a> {
    candidates: &'a Candidates,
    queries: [&'a [f32]; QUERIES],
    /// The largest product and its row so far, of as many queries as there are.
    best: &'a mut [(f32, usize)],
}

impl WithSimd for Search<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Search { candidates, queries, best } = self;
        let width = candidates.width;
        let n_registers = LANES / S::F32_LANES;
        for (panel_index, panel) in candidates.panels.chunks_exact(LANES * width).enumerate() {
            let mut sums = [[simd.splat_f32s(0.0); MAX_REGISTERS]; QUERIES];
            let (registers, _) = S::as_simd_f32s(panel);
            for (column, values) in registers.chunks_exact(n_registers).enumerate() {
                for (sums, query) in sums.iter_mut().zip(queries) {
                    let factor = simd.splat_f32s(query[column]);
                    for (sum, value) in sums[..n_registers].iter_mut().zip(values) {
                        *sum = simd.mul_add_f32s(factor, *value, *sum);
                    }
                }
            }
            let first = panel_index * LANES;
            for (best, sums) in best.iter_mut().zip(&sums) {
                let products = bytemuck::cast_slice::<S::f32s, f32>(&sums[..n_registers]);
                // Behind the last row, a panel is filled up with zeros.
                for (row, &product) in (first..candidates.n_rows).zip(products) {
                    if product >= best.0 {
                        *best = (product, row);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_row_is_found() {
        // Numbers without a pattern, the same in each run.
        let value = |index: usize| ((index * 7919 + 13) % 1009) as f32 / 504.5 - 1.0;
        let width = 7;
        let rows: Vec<f32> = (0..width * 37).map(value).collect();
        let queries: Vec<f32> = (1000..1000 + width * 11).map(value).collect();
        let queries: Vec<&[f32]> = queries.chunks(width).collect();
        let cosine = |row: &[f32], query: &[f32]| -> f64 {
            let product =
                |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum() };
            product(row, query) / product(row, row).sqrt()
        };
        let found = Candidates::normalised(&rows, width).nearest(&queries);
        for (query, found) in queries.iter().zip(found) {
            let cosines: Vec<f64> = rows.chunks(width).map(|row| cosine(row, query)).collect();
            let largest = cosines.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            assert!(largest - cosines[found] < 1e-6, "row {found} of {cosines:?}");
        }
    }

    #[test]
    fn of_equal_rows_the_last_is_taken() {
        let candidates = Candidates::normalised(&[1.0, 0.0, 0.0, 1.0, 2.0, 0.0], 2);
        assert_eq!(candidates.nearest(&[&[3.0, 1.0], &[0.0, 0.0], &[-1.0, 0.5]]), [2, 2, 1]);
    }
}

use crate::host::blocks::for_each_block;

/// Sums that one thread works on together. Only large enough that a block is worth handing over: rows are read from all
/// over the matrix, so that no size helps the cache.
const BLOCK_SUMS: usize = 64;

/// `sums[i]` is the sum of the rows of `matrix` that `sources[i * n_terms..][..n_terms]` numbers, in this order:
/// `[rows, width]` -> `[sums, width]`. Rows beyond the end, [`RowSums::ZEROS`](crate::RowSums::ZEROS) among them, are zeros.
pub(crate) fn sum_rows(matrix: &[f32], width: usize, sources: &[u32], n_terms: usize) -> Vec<f32> {
    let n_rows = matrix.len() / width;
    let mut sums = vec![0.0; sources.len() / n_terms * width];
    let blocks = sums.chunks_mut(BLOCK_SUMS * width).zip(sources.chunks(BLOCK_SUMS * n_terms));
    for_each_block(blocks, |_, (sums, sources)| {
        for (sum, sources) in sums.chunks_exact_mut(width).zip(sources.chunks_exact(n_terms)) {
            let mut rows = sources
                .iter()
                .filter(|&&source| (source as usize) < n_rows)
                .map(|&source| &matrix[source as usize * width..][..width]);
            // The first row is copied: most sums have one term, and nothing is to be added to it.
            if let Some(row) = rows.next() {
                sum.copy_from_slice(row);
            }
            for row in rows {
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        }
    });
    sums
}

/// The backward pass of [`sum_rows`]: adds each row of `gradient` to all rows of the matrix that it is a sum of,
/// `[sums, width]` -> `[n_rows, width]`.
pub(crate) fn scatter_rows(
    gradient: &[f32],
    width: usize,
    sources: &[u32],
    n_terms: usize,
    n_rows: usize,
) -> Vec<f32> {
    // One thread: two sums may share a row, and its terms are added up in the same order however many threads there are.
    let mut d_matrix = vec![0.0; n_rows * width];
    for (gradient, sources) in gradient.chunks_exact(width).zip(sources.chunks_exact(n_terms)) {
        for &source in sources.iter().filter(|&&source| (source as usize) < n_rows) {
            let row = &mut d_matrix[source as usize * width..][..width];
            row.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
        }
    }
    d_matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_end_are_zeros() {
        let matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(sum_rows(&matrix, 2, &[2, 3, u32::MAX, 0], 1), [5.0, 6.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0]);
        assert_eq!(sum_rows(&matrix, 2, &[1, 1, u32::MAX, 0, 3, 3], 2), [6.0, 8.0, 1.0, 2.0, 0.0, 0.0]);
        assert_eq!(scatter_rows(&[1.0, 2.0, 4.0, 8.0], 2, &[0, 3, 0, 0], 2, 2), [9.0, 18.0, 0.0, 0.0]);
    }

    /// `<sums, gradient> = <matrix, scattered gradient>` for whole numbers, and for more sums than a block has.
    #[test]
    fn scattering_is_the_transpose_of_summing() {
        let (n_rows, width) = (5, 3);
        for (n_sums, n_terms) in [(1, 1), (BLOCK_SUMS, 2), (3 * BLOCK_SUMS + 1, 4)] {
            let numbers = |count: usize, step: usize| -> Vec<f32> {
                (0..count).map(|number| (number * step % 11) as f32 - 5.0).collect()
            };
            let (matrix, gradient) = (numbers(n_rows * width, 7), numbers(n_sums * width, 3));
            // Every sixth source lies beyond the end.
            let sources: Vec<u32> = (0..n_sums * n_terms).map(|place| (place * 5 % 6) as u32).collect();
            let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
            let scattered = scatter_rows(&gradient, width, &sources, n_terms, n_rows);
            let sums = sum_rows(&matrix, width, &sources, n_terms);
            assert_eq!(sums.len(), n_sums * width);
            assert_eq!(product(&sums, &gradient), product(&matrix, &scattered), "{n_sums} sums");
        }
    }
}

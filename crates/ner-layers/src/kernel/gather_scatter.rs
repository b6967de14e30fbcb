use crate::host::blocks::for_each_block;

/// Sums that are worked on together.
const BLOCK_SUMS: usize = 64;

/// `sums[i]` = the sum of the rows `sources[i * n_terms..]` of `matrix`; rows beyond its end are zeros.
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

/// The way back: adds each row of `gradient` to all rows of the matrix that it was made of.
pub(crate) fn scatter_rows(
    gradient: &[f32],
    width: usize,
    sources: &[u32],
    n_terms: usize,
    n_rows: usize,
) -> Vec<f32> {
    let mut d_matrix = vec![0.0; n_rows * width];
    for (gradient, sources) in gradient.chunks_exact(width).zip(sources.chunks_exact(n_terms)) {
        for &source in sources.iter().filter(|&&source| (source as usize) < n_rows) {
            let row = &mut d_matrix[source as usize * width..][..width];
            row.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
        }
    }
    d_matrix
}

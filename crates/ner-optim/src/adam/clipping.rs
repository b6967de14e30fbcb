//! The limit on a gradient's norm.

use std::ops::Range;

use pulp::Arch;

use super::block::for_each;
use super::pending_update::PendingUpdate;
use crate::gradient::Gradient;
use crate::row_gradient::RowGradient;

/// So many squares are summed in f32 before f64 takes over. The number decides how a norm is rounded, and so does the
/// order within a block: training follows spaCy's runs for as long as both stay.
const NORM_BLOCK: usize = 2048;

/// Sums that grow side by side: one or more registers, which an optimising compiler may not make of a single f32 sum.
const LANES: usize = 32;

/// What brings the norm of each parameter's gradient down to `limit`; a limit of 0 is none.
pub(crate) fn clip_factors(limit: f32, updates: &[PendingUpdate<'_>]) -> Vec<f32> {
    // A pass before the step: no weight may move until the norm of its whole parameter is known.
    let mut squares: Vec<Vec<f64>> =
        updates.iter().map(|update| vec![0.0; update.weights.len().div_ceil(NORM_BLOCK)]).collect();
    let blocks = updates.iter().zip(&mut squares).flat_map(|(update, squares)| {
        let starts = (0..update.weights.len()).step_by(NORM_BLOCK);
        starts.zip(squares).map(move |(start, square)| (update, start, square))
    });
    for_each(blocks.collect(), |(update, start, square)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let end = update.weights.len().min(start + NORM_BLOCK);
                *square = f64::from(squared_norm(update.gradient.as_ref(), start..end));
            },
        );
    });
    squares.iter().map(|squares| clip_factor(squares, limit)).collect()
}

/// The factor for a gradient whose squares are given, block by block.
fn clip_factor(squares: &[f64], limit: f32) -> f32 {
    // In the order of the blocks and on one thread, so that the sum does not depend on the number of threads.
    let norm = squares.iter().sum::<f64>().sqrt() as f32;
    if limit != 0.0 && norm >= limit { limit / norm } else { 1.0 }
}

/// The sum of squares of a gradient's values for some weights, at most [`NORM_BLOCK`].
#[inline(always)]
fn squared_norm(gradient: Option<&Gradient>, weights: Range<usize>) -> f32 {
    match gradient {
        None => 0.0,
        Some(Gradient::All(values)) => sum_of_squares(&values[weights]),
        Some(Gradient::Rows(gradient)) => squared_norm_of_rows(gradient, weights),
    }
}

/// The same bits as if the other rows were there with zeros: values are summed in the places of their weights, since
/// the sum of the rows alone would be rounded in another order.
#[inline(always)]
fn squared_norm_of_rows(gradient: &RowGradient, weights: Range<usize>) -> f32 {
    let RowGradient { shape: [_, width], rows, values } = gradient;
    let width = (*width).max(1);
    let first = rows.partition_point(|&row| (row as usize + 1) * width <= weights.start);
    let n_rows = rows[first..].partition_point(|&row| row as usize * width < weights.end);
    // Most blocks of a large table have no row with a gradient.
    if n_rows == 0 {
        return 0.0;
    }
    let mut block = [0.0; NORM_BLOCK];
    let values = values[first * width..].chunks_exact(width);
    for (&row, values) in rows[first..first + n_rows].iter().zip(values) {
        let row = row as usize * width..(row as usize + 1) * width;
        let shared = row.start.max(weights.start)..row.end.min(weights.end);
        block[shared.start - weights.start..shared.end - weights.start]
            .copy_from_slice(&values[shared.start - row.start..shared.end - row.start]);
    }
    sum_of_squares(&block[..weights.len()])
}

/// The sum of squares of at most [`NORM_BLOCK`] values, in an order that depends on nothing but their number.
#[inline(always)]
fn sum_of_squares(block: &[f32]) -> f32 {
    // The rest is added last; padding it with zeros would give another order.
    let (chunks, rest) = block.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += value * value;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|value| value * value).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_norm_of_the_whole_to_the_bit() {
        for (width, n_rows) in [(96, 100), (7, 700), (5000, 3), (1, 5000)] {
            let rows: Vec<u32> = (0..n_rows).filter(|row| row % 7 == 1 || row % 31 < 3).collect();
            let values = (0..rows.len() * width).map(|i| (i % 13) as f32 / 7.0 - 0.8).collect();
            let some = RowGradient { shape: [n_rows as usize, width], rows, values };
            let (all, some) = (Gradient::All(some.to_dense()), Gradient::Rows(some));
            let n_weights = n_rows as usize * width;
            for start in (0..n_weights).step_by(NORM_BLOCK) {
                let block = start..n_weights.min(start + NORM_BLOCK);
                let [all, some] = [&all, &some].map(|gradient| squared_norm(Some(gradient), block.clone()));
                assert_eq!(all, some, "{width}, {start}");
            }
        }
    }

    #[test]
    fn long_gradients_are_clipped_to_the_limit() {
        let squares = [9.0, 16.0];
        assert_eq!([0.0, 2.5, 5.0, 6.0].map(|limit| clip_factor(&squares, limit)), [1.0, 0.5, 1.0, 1.0]);
    }
}

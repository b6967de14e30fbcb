use ner_optim::RowGradient;
use pulp::Arch;

use super::sums::RowSums;

/// The backward pass of sums of a table's rows: the gradient of each sum, `[sums, width]`, is added to that of all rows
/// that it is a sum of. `shape` is that of the table, whose rows must all exist; the result has those that were used.
pub(crate) fn row_gradient(gradient: &[f32], sums: &RowSums, shape: [usize; 2]) -> RowGradient {
    // Rows are found through a list as long as the table, not by sorting or hashing what was looked up: a table has some
    // thousand rows, and one pass over it leaves them in ascending order, as the optimiser wants them.
    let [n_rows, width] = shape;
    const UNUSED: u32 = u32::MAX;
    let mut places = vec![UNUSED; n_rows];
    sums.sources.iter().for_each(|&source| places[source as usize] = 0);
    let used = (0_u32..).zip(&mut places).filter(|(_, place)| **place != UNUSED);
    let rows: Vec<u32> = (0..)
        .zip(used)
        .map(|(place, (row, slot))| {
            *slot = place;
            row
        })
        .collect();
    let mut values = vec![0.0; rows.len() * width];
    // Compiled for the machine's registers: a plain loop would use those of the oldest processor.
    Arch::new().dispatch(
        #[inline(always)]
        || {
            // In the order of the batch and on one thread: a row that many words share is the same sum each time.
            let terms = sums.sources.chunks_exact(sums.n_terms);
            for (gradient, sources) in gradient.chunks_exact(width).zip(terms) {
                for &source in sources {
                    let sums = &mut values[places[source as usize] as usize * width..][..width];
                    sums.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value);
                }
            }
        },
    );
    RowGradient { shape, rows, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_go_back_to_all_rows_of_a_sum_and_add_up() {
        let sums = |sources: &[u32]| RowSums::new(sources.to_vec(), 2);
        let first = row_gradient(&[1.0, 2.0, 3.0, 4.0], &sums(&[3, 0, 3, 3]), [5, 2]);
        assert_eq!((&first.rows[..], &first.values[..]), (&[0, 3][..], &[1.0, 2.0, 7.0, 10.0][..]));
        let second = row_gradient(&[1.0, 1.0], &sums(&[2, 3]), [5, 2]);
        let dense = [1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 8.0, 11.0, 0.0, 0.0];
        assert_eq!(first.merged(second).to_dense(), dense);
    }
}

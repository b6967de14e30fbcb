//! How many forward passes spaCy's components make of a stream of documents. The passes themselves are cut otherwise here, but
//! each of spacy-transformers takes a number from Python's generator.

/// The passes of a component `transformer` over documents of these lengths: of each batch, documents of increasing length
/// until the padded batch would have more than `max_batch_items` tokens. One over empty documents alone is none.
// spaCy: batch_by_length (spacy_transformers/util.py).
pub fn padded_passes(lengths: &[usize], batch_size: usize, max_batch_items: usize) -> usize {
    let passes = lengths.chunks(batch_size.max(1)).map(|batch| {
        let lengths = sorted(batch);
        let (mut n_passes, mut n_docs, mut longest) = (0, 0, 0);
        for length in lengths {
            if n_docs > 0 && length.saturating_mul(n_docs + 1) > max_batch_items {
                n_passes += usize::from(longest > 0);
                n_docs = 0;
            }
            (n_docs, longest) = (n_docs + 1, length);
        }
        n_passes + usize::from(longest > 0)
    });
    passes.sum()
}

/// The passes of a recogniser over documents of these lengths: quarters of each batch, the shortest documents first.
// spaCy: pipe (pipeline/transition_parser.pyx).
pub(crate) fn parsed_passes(lengths: &[usize], batch_size: usize) -> usize {
    let passes = lengths.chunks(batch_size.max(1)).map(|batch| {
        let lengths = sorted(batch);
        lengths.chunks((batch_size / 4).max(2)).filter(|part| part.last() > Some(&0)).count()
    });
    passes.sum()
}

fn sorted(lengths: &[usize]) -> Vec<usize> {
    let mut lengths = lengths.to_vec();
    lengths.sort_unstable();
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_those_of_spacy() {
        // The groups of batch_by_length: [0, 2, 3], [4], [9]; of two batches: [2, 4], [9] and [0, 3].
        assert_eq!(padded_passes(&[4, 9, 2, 0, 3], 128, 10), 3);
        assert_eq!(padded_passes(&[4, 9, 2, 0, 3], 3, 10), 3);
        assert_eq!(padded_passes(&[0, 0], 128, 10), 0);
        assert_eq!(padded_passes(&[0, 11, 0], 128, 10), 1);
        assert_eq!(padded_passes(&[], 128, 10), 0);
        // Parts of two documents: [0, 0], [2, 3], [4].
        assert_eq!(parsed_passes(&[4, 0, 2, 0, 3], 8), 2);
        assert_eq!(parsed_passes(&[1; 9], 16), 3);
    }
}

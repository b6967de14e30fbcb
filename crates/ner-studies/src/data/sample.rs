use ner_cpython::PythonRandom;

/// The numbers of `n` documents in an order that the seed draws: the beginnings of it are samples, each of which holds all
/// smaller ones.
pub(crate) fn order(n: usize, seed: u64) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..n).collect();
    PythonRandom::new(seed).shuffle(&mut numbers);
    numbers
}

/// The numbers of `n` documents in two halves: every other document, so that both come from all of the corpus, in which
/// neighbours are often of one source.
pub(crate) fn halves(n: usize) -> [Vec<usize>; 2] {
    let (even, odd) = (0..n).partition(|number| number.is_multiple_of(2));
    [even, odd]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_orders_hold_each_document_once() {
        assert_eq!(halves(5), [vec![0, 2, 4], vec![1, 3]]);
        let mut drawn = order(100, 1);
        assert_ne!(drawn, order(100, 2));
        drawn.sort_unstable();
        assert_eq!(drawn, (0..100).collect::<Vec<_>>());
    }
}

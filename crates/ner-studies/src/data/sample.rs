use ner_cpython::PythonRandom;

/// The numbers of `n` documents in an order that the seed draws: the beginnings of it are samples, each of which holds all
/// smaller ones.
pub(crate) fn order(n: usize, seed: u64) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..n).collect();
    PythonRandom::new(seed).shuffle(&mut numbers);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_hold_each_document_once() {
        let mut drawn = order(100, 1);
        assert_ne!(drawn, order(100, 2));
        drawn.sort_unstable();
        assert_eq!(drawn, (0..100).collect::<Vec<_>>());
    }
}

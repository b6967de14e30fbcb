//! Streams in another order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ner_corpus::reader::{ExampleSource, Examples, Shuffled};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;
use proptest::prelude::*;

use crate::reader::tokenizer;

/// Numbers as texts; it counts how many were taken.
struct Numbers(usize, Arc<AtomicUsize>);

impl ExampleSource for Numbers {
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, _: &'a SharedRandom) -> Examples<'a> {
        Box::new((0..self.0).map(|number| {
            self.1.fetch_add(1, Ordering::SeqCst);
            let doc = tokenizer.tokenize(&number.to_string()).unwrap();
            Ok(Example::new(doc.clone(), doc))
        }))
    }
}

/// The order of `n_examples` numbers, and how many were held at most.
fn order(n_examples: usize, n_held: usize, seed: u64) -> (Vec<usize>, usize) {
    let n_taken = Arc::new(AtomicUsize::new(0));
    let source = Shuffled::new(Box::new(Numbers(n_examples, n_taken.clone())), n_held);
    let (tokenizer, random) = (tokenizer(), SharedRandom::new(seed));
    let mut most = 0;
    let examples = source.examples(&tokenizer, &random).enumerate().map(|(n_given, example)| {
        most = most.max(n_taken.load(Ordering::SeqCst) - n_given);
        example.unwrap().predicted.text().parse().unwrap()
    });
    (examples.collect(), most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn all_examples_come_once_and_few_are_held(n_examples in 0_usize..60, n_held in 1_usize..80, seed in 0_u64..100) {
        let (shuffled, most) = order(n_examples, n_held, seed);
        prop_assert_eq!(&shuffled, &order(n_examples, n_held, seed).0);
        prop_assert!(most <= n_held);
        for (place, number) in shuffled.iter().enumerate() {
            prop_assert!(*number < place + n_held, "none comes before it can be held");
        }
        let mut sorted = shuffled.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, Vec::from_iter(0..n_examples));
    }
}

#[test]
fn a_seed_gives_an_order() {
    assert_ne!(order(50, 10, 0).0, order(50, 10, 1).0);
    assert_eq!(order(50, 1, 0).0, Vec::from_iter(0..50));
}

use std::num::NonZeroUsize;

use ner_config::{Block, Kind};
use ner_training::{Batcher, batches, subdivide};
use serde_json::Value;

use super::{arguments, cases, numbers, registry};

#[test]
fn batches_hold_the_same_items() {
    for case in cases("batchers/batches.jsonl") {
        let lengths = numbers(&case["lengths"]);
        let mut batcher = batcher(&case);
        for expected in case["epochs"].as_array().unwrap() {
            let batches: Result<Vec<Vec<usize>>, _> =
                batches(&mut *batcher, 0..lengths.len(), |&item| lengths[item]).collect();
            let expected: Vec<Vec<usize>> = expected.as_array().unwrap().iter().map(numbers).collect();
            assert_eq!(batches.unwrap(), expected, "{case}");
        }
    }
}

#[test]
fn parts_of_batches_hold_the_same_items() {
    for case in cases("batchers/accumulate_gradient.jsonl") {
        let lengths = numbers(&case["lengths"]);
        let n_parts = NonZeroUsize::new(case["accumulate_gradient"].as_u64().unwrap() as usize).unwrap();
        let parts = subdivide((0..lengths.len()).collect(), n_parts, |&item| lengths[item]);
        let expected: Vec<Vec<usize>> = case["sub_batches"].as_array().unwrap().iter().map(numbers).collect();
        assert_eq!(parts.collect::<Vec<_>>(), expected, "{case}");
    }
}

fn batcher(case: &Value) -> Box<dyn Batcher> {
    let name = format!("spacy.batch_by_{}.v1", case["batcher"].as_str().unwrap());
    let is_argument = |name: &str| !["batcher", "lengths", "epochs"].contains(&name);
    let mut table = arguments(case.as_object().unwrap().iter().filter(|(name, _)| is_argument(name)));
    table.insert("@batchers".to_owned(), name.into());
    registry().build(Kind::Batchers, &Block::new("training.batcher", table)).unwrap()
}

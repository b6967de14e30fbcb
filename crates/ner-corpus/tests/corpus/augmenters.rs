//! What our own augmenters promise, on documents of any shape.

use std::sync::{Arc, LazyLock};

use ner_config::{Block, Kind, Registry, Table};
use ner_corpus::augment::Augmenter;
use ner_cpython::PythonRandom;
use ner_doc::{Doc, EntIob, Example};
use ner_tokenizer::Tokenizer;
use ner_vocab::{StringId, Vocab};
use proptest::collection::vec;
use proptest::prelude::*;

static TOKENIZER: LazyLock<Tokenizer> =
    LazyLock::new(|| Tokenizer::for_language(Arc::new(Vocab::new("en").unwrap())).unwrap());

fn augmenter(name: &str, levels: &[(&str, f64)]) -> Box<dyn Augmenter> {
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    let block = Block::function(Kind::Augmenters, name);
    let block = levels.iter().fold(block, |block, (key, level)| block.with(key, *level));
    registry.build(Kind::Augmenters, &Block::new("augmenter", block.table().clone())).unwrap()
}

fn boundaries(level: f64) -> Box<dyn Augmenter> {
    augmenter("ner.entity_boundaries.v1", &[("level", level)])
}

fn augment(augmenter: &dyn Augmenter, example: Example, seed: u64) -> Example {
    augmenter.augment(example, &TOKENIZER, &mut PythonRandom::new(seed)).unwrap()
}

/// The same tokens on both sides. Each is a word, its place in entities (`_` is unknown, `X` blocked, `I` goes on where
/// something is to go on), and whether a sentence starts with it.
fn example(tokens: &[(String, char, bool)]) -> Example {
    let words: Vec<&str> = tokens.iter().map(|(word, _, _)| word.as_str()).collect();
    let spaces = vec![true; words.len()];
    let predicted = Doc::from_words(TOKENIZER.vocab().clone(), &words, &spaces);
    let mut reference = predicted.clone();
    let label = reference.vocab().strings().add("A");
    let mut is_open = false;
    for (token, (_, place, starts_sentence)) in reference.tokens.iter_mut().zip(tokens) {
        is_open = matches!(place, 'B') || (matches!(place, 'I') && is_open && !starts_sentence);
        token.sent_start = if *starts_sentence { 1 } else { -1 };
        token.ent_iob = match place {
            'B' | 'X' => EntIob::Begin,
            'I' if is_open => EntIob::In,
            '_' => EntIob::Missing,
            _ => EntIob::Out,
        };
        token.ent_type = if is_open { label } else { StringId::EMPTY };
    }
    Example::new(predicted, reference)
}

fn any_example() -> impl Strategy<Value = Example> {
    let word = prop::sample::select(vec![
        "Ada", "wrote", "x", "3.5", "1", "O", "n't", "modern", "Straße", "\n", ".",
    ]);
    let place = prop::sample::select(vec!['B', 'B', 'I', 'I', 'O', 'O', '_', 'X']);
    let token = (word, place, prop::bool::weighted(0.1))
        .prop_map(|(word, place, start)| (word.to_owned(), place, start));
    vec(token, 0..20).prop_map(|tokens| example(&tokens))
}

fn places(doc: &Doc) -> Vec<(EntIob, StringId)> {
    doc.tokens.iter().map(|token| (token.ent_iob, token.ent_type)).collect()
}

fn is_outside(doc: &Doc, index: usize) -> bool {
    doc.tokens.get(index).is_some_and(|token| token.ent_iob == EntIob::Out && !token.is_space())
}

proptest! {
    #[test]
    fn boundaries_move_by_one_token_and_entities_stay(example in any_example(), seed in 0_u64..1000) {
        let before = example.reference.clone();
        prop_assert_eq!(places(&augment(&*boundaries(0.0), example.clone(), seed).reference), places(&before));
        let after = augment(&*boundaries(1.0), example.clone(), seed).reference;
        prop_assert_eq!(places(&after), places(&augment(&*boundaries(1.0), example, seed).reference));
        let (old, new) = (before.entities().unwrap(), after.entities().unwrap());
        prop_assert_eq!(old.len(), new.len());
        for (old, new) in old.iter().zip(&new) {
            prop_assert_eq!(old.label, new.label);
            let tokens = &after.tokens[new.start..new.end];
            prop_assert!(tokens[1..].iter().all(|token| token.sent_start != 1));
            match old.start.abs_diff(new.start) + old.end.abs_diff(new.end) {
                1 => {
                    // The one that was given up may have been white space; the one at the end now is none.
                    let moved = if old.start == new.start { &tokens[tokens.len() - 1] } else { &tokens[0] };
                    prop_assert!(!moved.is_space());
                }
                0 => {
                    prop_assert!(tokens.len() == 1 || tokens.iter().any(|token| token.is_space()));
                    let starts = |index: usize| after.tokens[index].sent_start == 1;
                    let can_grow = old.start > 0 && is_outside(&after, old.start - 1) && !starts(old.start)
                        || is_outside(&before, old.end) && is_outside(&after, old.end) && !starts(old.end);
                    prop_assert!(!can_grow);
                }
                n_tokens => prop_assert!(false, "moved by {} tokens", n_tokens),
            }
        }
        for (old, new) in before.tokens.iter().zip(&after.tokens) {
            let is_unknown = old.ent_iob != EntIob::Out && old.ent_type.is_empty();
            prop_assert!(!is_unknown || (new.ent_iob, new.ent_type) == (old.ent_iob, old.ent_type));
        }
    }

    #[test]
    fn noise_changes_words_alone(example in any_example(), levels in [0.0..=1.0, 0.0..=1.0, 0.0..=1.0], seed in 0_u64..1000) {
        let none = augment(&*noise([0.0; 3]), example.clone(), seed);
        prop_assert_eq!(none.predicted.words(), example.predicted.words());
        let noisy = augment(&*noise(levels), example.clone(), seed);
        let again = augment(&*noise(levels), example.clone(), seed);
        prop_assert_eq!(noisy.predicted.words(), again.predicted.words());
        prop_assert_eq!(noisy.predicted.words(), noisy.reference.words());
        prop_assert_eq!(noisy.predicted.len(), example.predicted.len());
        prop_assert_eq!(places(&noisy.reference), places(&example.reference));
        prop_assert!(noisy.predicted.words().iter().all(|word| !word.is_empty()));
        prop_assert_eq!(noisy.aligned_ner().unwrap().len(), noisy.predicted.len());
        prop_assert!(noisy.predicted.tokens.iter().zip(&example.predicted.tokens).all(|(new, old)| new.is_space() == old.is_space()));
    }

    #[test]
    fn noise_changes_every_word_that_it_can(example in any_example(), seed in 0_u64..1000) {
        let has_letter = |word: &str| word.contains(char::is_alphabetic);
        let is_confused = |word: &str| word.contains(['l', 'i', 'O', 'o', '1', '5', 'e', 'm', 'n', 'd']);
        for (levels, is_changeable) in [
            ([1.0, 0.0, 0.0], &has_letter as &dyn Fn(&str) -> bool),
            ([0.0, 1.0, 0.0], &has_letter),
            ([0.0, 0.0, 1.0], &|word: &str| is_confused(word) && word != "n't"),
        ] {
            let noisy = augment(&*noise(levels), example.clone(), seed);
            for (old, new) in example.predicted.words().iter().zip(noisy.predicted.words()) {
                prop_assert_eq!(*old != new, is_changeable(old), "{} became {}", old, new);
            }
        }
    }
}

fn noise([typo, case, ocr]: [f64; 3]) -> Box<dyn Augmenter> {
    augmenter("ner.noise.v1", &[("typo_level", typo), ("case_level", case), ("ocr_level", ocr)])
}

#[test]
fn noise_leaves_words_that_are_split_otherwise() {
    let predicted = TOKENIZER.tokenize("Ada didn't write").unwrap();
    let reference =
        Doc::from_words(TOKENIZER.vocab().clone(), &["Ada", "didn't", "write"], &[true, true, false]);
    let noisy = augment(&*noise([1.0, 0.0, 0.0]), Example::new(predicted, reference), 0);
    let (predicted, reference) = (noisy.predicted.words(), noisy.reference.words());
    assert_eq!((&predicted[1..3], reference[1]), (&["did", "n't"][..], "didn't"));
    assert_eq!((predicted[0], predicted[3]), (reference[0], reference[2]));
    assert!(predicted[0] != "Ada" && predicted[3] != "write");
}

#[test]
fn a_level_is_a_share() {
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    let table = Table::from_iter([
        ("@augmenters".to_owned(), "ner.entity_boundaries.v1".into()),
        ("level".to_owned(), 15.0.into()),
    ]);
    let error = registry
        .build::<Box<dyn Augmenter>>(Kind::Augmenters, &Block::new("augmenter", table))
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "augmenter.level: expected a share from 0 to 1, found 15");
}

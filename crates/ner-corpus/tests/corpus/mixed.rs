//! Mixtures of corpora.

use std::fs;
use std::path::Path;

use expect_test::expect;
use ner_config::{Block, Kind, Table, Value};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;

use crate::reader::{build, corpus, tokenizer};

/// A mixture of corpora of numbered words: each of a name, the number of its words, and its share.
fn mixture(folder: &Path, parts: &[(&str, usize, f64)]) -> Block {
    let mut corpora = Table::new();
    let mut shares = Table::new();
    for (name, n_words, share) in parts {
        let file = folder.join(format!("{name}.jsonl"));
        let record = |index| format!("{{\"text\": \"{name}{index}\", \"entities\": []}}\n");
        fs::write(&file, (0..*n_words).map(record).collect::<String>()).unwrap();
        corpora.insert((*name).to_owned(), corpus(&file).table().clone().into());
        shares.insert((*name).to_owned(), (*share).into());
    }
    Block::function(Kind::Readers, "ner.Mixed.v1").with("corpora", corpora).with("shares", shares)
}

fn words(source: &dyn ExampleSource, seed: u64) -> Vec<String> {
    let (tokenizer, random) = (tokenizer(), SharedRandom::new(seed));
    let examples = source.examples(&tokenizer, &random);
    examples.map(|example| example.map_or_else(|error| error.to_string(), |it| it.predicted.text())).collect()
}

#[test]
fn a_mixture_ends_with_its_first_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let source = build(mixture(folder.path(), &[("gold", 300, 3.0), ("raw", 20, 1.0)])).unwrap();
    let mixed = words(&*source, 0);
    let of = |name: &str| mixed.iter().filter(|word| word.starts_with(name)).cloned().collect::<Vec<_>>();
    assert_eq!(of("gold"), (0..300).map(|index| format!("gold{index}")).collect::<Vec<_>>());
    let raw = of("raw");
    assert!((80..120).contains(&raw.len()), "a quarter of all comes from it, found {}", raw.len());
    assert!(raw.iter().enumerate().all(|(index, word)| *word == format!("raw{}", index % 20)));
    assert_eq!(mixed, words(&*source, 0), "a seed gives one mixture");
    assert_ne!(mixed, words(&*source, 1));
    assert_eq!(source.accounts().len(), 2);
}

#[test]
fn a_part_without_examples_cannot_have_its_share() {
    let folder = tempfile::tempdir().unwrap();
    let source = build(mixture(folder.path(), &[("gold", 3, 1.0), ("raw", 1, 1.0)])).unwrap();
    fs::write(folder.path().join("raw.jsonl"), "{\"text\": \"\"}\n").unwrap();
    assert!(
        words(&*source, 0).contains(
            &"the corpus \"raw\" of the mixture has no example; give it one, or take it out with its share"
                .to_owned()
        )
    );
}

#[test]
fn shares_and_corpora_have_the_same_names() {
    let folder = tempfile::tempdir().unwrap();
    let block = mixture(folder.path(), &[("gold", 1, 1.0), ("raw", 1, 1.0)]);
    let with = |shares: Value| build(block.clone().with("shares", shares)).err().unwrap().to_string();
    let table = |shares: &[(&str, f64)]| -> Value {
        Table::from_iter(shares.iter().map(|(name, share)| ((*name).to_owned(), Value::from(*share)))).into()
    };
    let shown = [
        with(table(&[("gold", 1.0)])),
        with(table(&[("gold", 1.0), ("raw", 0.0)])),
        with(table(&[("gold", 1.0), ("raw", 1.0), ("row", 1.0)])),
        build(block.clone().with("corpora", Table::new())).err().unwrap().to_string(),
    ];
    expect![[r#"
        corpora.train.shares: expected a share of more than 0 for the corpus "raw", found none
        corpora.train.shares: expected a share of more than 0 for the corpus "raw", found 0
        corpora.train.shares: there is no corpus "row"; delete its share, or give it a reader
        corpora.train.corpora: expected a reader, found none; give one as corpora.NAME"#]]
    .assert_eq(&shown.join("\n"));
}

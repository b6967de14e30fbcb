//! Parts of corpora.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use ner_config::{Block, Kind};
use ner_cpython::SharedRandom;

use crate::reader::{build, corpus, tokenizer};

/// The texts of a part of five words, and the error at its end.
#[track_caller]
fn check(numbers: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let [file, list] = ["words.jsonl", "part.json"].map(|name| folder.path().join(name));
    fs::write(&file, ["a", "b", "c", "d", "e"].map(|word| format!("{{\"text\": \"{word}\"}}\n")).concat())
        .unwrap();
    fs::write(&list, numbers).unwrap();
    let found = texts(&file, &list).replace(&folder.path().display().to_string(), "DIR");
    expected.assert_eq(&found);
}

fn texts(file: &Path, list: &Path) -> String {
    let block = Block::function(Kind::Readers, "ner.Part.v1")
        .with("corpus", corpus(file).table().clone())
        .with("path", list.display().to_string());
    let source = match build(block) {
        Ok(source) => source,
        Err(error) => return error.to_string(),
    };
    let (tokenizer, random) = (tokenizer(), SharedRandom::new(0));
    let examples = source.examples(&tokenizer, &random);
    let texts =
        examples.map(|example| example.map_or_else(|error| error.to_string(), |it| it.predicted.text()));
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_part_has_the_examples_of_its_numbers_in_the_order_of_the_corpus() {
    check("[4, 0, 2]", expect!["a c e"]);
    check("[]", expect![""]);
}

#[test]
fn a_list_that_does_not_fit_is_told() {
    check(
        "[1, 5]",
        expect![
            "b DIR/part.json: it names the example 5, and the corpus has 5, counted from 0; it belongs to another corpus"
        ],
    );
    check(
        "{\"a\": 1}",
        expect![
            "corpora.train: DIR/part.json:1:1: expected a list of numbers such as [0, 2, 5]: invalid type: map, expected a sequence at line 1 column 1"
        ],
    );
    check(
        "[-1]",
        expect![
            "corpora.train: DIR/part.json:1:4: expected a list of numbers such as [0, 2, 5]: invalid value: integer `-1`, expected usize at line 1 column 4"
        ],
    );
}

//! Readers as a config builds them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use ner_config::{Block, ConfigError, Kind, Registry, Table, Value};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::{EntIob, Example};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

pub(crate) fn build(block: Block) -> Result<Box<dyn ExampleSource>, ConfigError> {
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    registry.build(Kind::Readers, &Block::new("corpora.train", block.table().clone()))
}

pub(crate) fn corpus(path: &Path) -> Block {
    let path = path.to_str().unwrap().to_owned();
    Block::function(Kind::Readers, "spacy.Corpus.v1").with("path", path).with("gold_preproc", false)
}

pub(crate) fn tokenizer() -> Tokenizer {
    Tokenizer::for_language(Arc::new(Vocab::new("en").unwrap())).unwrap()
}

/// The entities of each example, or what is wrong with it; the folder is named `DIR`.
fn show(block: Block, folder: &Path) -> String {
    let (source, random, tokenizer) = (build(block).unwrap(), SharedRandom::new(0), tokenizer());
    let entities = |example: Example| {
        let reference = example.reference;
        let text = |it: &ner_doc::Entity| reference.span_text(it.start..it.end);
        let entities: Vec<_> = reference.entities().unwrap().iter().map(text).collect();
        format!("{:?} {entities:?}", example.predicted.words())
    };
    let shown: Vec<_> = source
        .examples(&tokenizer, &random)
        .map(|example| example.map_or_else(|error| error.to_string(), entities))
        .collect();
    shown.join("\n").replace(folder.to_str().unwrap(), "DIR") + "\n"
}

#[track_caller]
fn check(name: &str, content: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, content).unwrap();
    expected.assert_eq(&show(corpus(&file), folder.path()));
}

#[test]
fn a_corpus_is_any_file_that_is_read() {
    check(
        "a.jsonl",
        "{\"text\": \"Ada didn't.\", \"entities\": [[0, 3, \"A\"]]}\n{\"text\": \n{\"tokens\": [\"Bob\"], \"ents\": []}\n",
        expect![[r#"
            ["Ada", "did", "n't", "."] ["Ada"]
            DIR/a.jsonl:2:8: not JSON: EOF while parsing a value; each line must hold one record
            ["Bob"] []
        "#]],
    );
    check(
        "a.iob",
        "Ada|B-A met|O Bob|B-A\n",
        expect![[r#"
        ["Ada", "met", "Bob"] ["Ada", "Bob"]
    "#]],
    );
    check(
        "a.conll",
        "Ada B-A\nmet O\n\nBob B-A\n",
        expect![[r#"
        ["Ada", "met"] ["Ada"]
        ["Bob"] ["Bob"]
    "#]],
    );
}

#[test]
fn what_is_not_there_is_said_with_the_key_that_names_it() {
    check(
        "a.csv",
        "Ada,A\n",
        expect![[r#"
            DIR/a.csv:1: no column of tags or spans is known among ["Ada", "A"]; expected a first line that names them, word and tag, or text and entities, or name the column of words or texts with --text-column
        "#]],
    );
    check(
        "a.spacy",
        "",
        expect![[r#"
        DIR/a.spacy: not a .spacy file, or a damaged one: the zlib stream is cut short; write it anew with DocBin.to_disk
    "#]],
    );
    let folder = tempfile::tempdir().unwrap();
    let shown = [folder.path().to_owned(), folder.path().join("missing.spacy")]
        .map(|path| show(corpus(&path), folder.path()))
        .concat();
    expect![[r#"
        DIR: no .spacy file, nor one of another format that is read, is in this folder or below it; corpora.train.path (or --paths.train) names it
        DIR/missing.spacy: there is no such file or directory; corpora.train.path (or --paths.train) names it
    "#]]
    .assert_eq(&shown);
    let nothing = Block::function(Kind::Readers, "spacy.Corpus.v1")
        .with("path", Value::Null)
        .with("gold_preproc", false);
    expect!["corpora.train: no path to read from: set corpora.train.path (or --paths.train) to a file or a directory"].assert_eq(&build(nothing).err().unwrap().to_string());
}

#[test]
fn an_augmenter_is_built_with_the_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let (file, variants) = (folder.path().join("a.jsonl"), folder.path().join("variants.json"));
    fs::write(&file, "{\"text\": \"Ada met Bob\", \"entities\": [[0, 3, \"A\"]]}\n").unwrap();
    fs::write(&variants, r#"{"single": [{"tags": ["NFP"], "variants": ["…"]}]}"#).unwrap();
    let reader = Table::from_iter([
        ("@readers".to_owned(), Value::from("srsly.read_json.v1")),
        ("path".to_owned(), variants.to_str().unwrap().into()),
    ]);
    let augmenter = Block::function(Kind::Augmenters, "spacy.orth_variants.v1")
        .with("level", 1.0)
        .with("lower", 1.0)
        .with("orth_variants", reader);
    let block = corpus(&file).with("augmenter", augmenter.table().clone());
    expect![[r#"
        ["ada", "met", "bob"] ["ada"]
    "#]]
    .assert_eq(&show(block, folder.path()));
}

/// Of predictions of a pipeline that lacks a label, nothing is known outside its entities.
#[test]
fn tokens_outside_entities_can_count_as_not_annotated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    fs::write(&file, "{\"text\": \"Ada met Bob.\", \"entities\": [[0, 3, \"A\"]]}\n").unwrap();
    let (tokenizer, random) = (tokenizer(), SharedRandom::new(0));
    for (block, expected) in [
        (corpus(&file), [EntIob::Begin, EntIob::Out, EntIob::Out, EntIob::Out]),
        (
            corpus(&file).with("entities_only", true),
            [EntIob::Begin, EntIob::Missing, EntIob::Missing, EntIob::Missing],
        ),
    ] {
        let source = build(block).unwrap();
        let example = source.examples(&tokenizer, &random).next().unwrap().unwrap();
        let found: Vec<EntIob> = example.reference.tokens.iter().map(|token| token.ent_iob).collect();
        assert_eq!(found, expected);
    }
}

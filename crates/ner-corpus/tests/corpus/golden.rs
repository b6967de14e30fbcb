//! What real spaCy computed. A small slice lies in `tests/golden`; set `NER_GOLDEN` to the folder of the full suite
//! to run over that too.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use ner_config::{Block, Kind, Registry, Table};
use ner_corpus::augment::Augmenter;
use ner_corpus::reader::{Corpus, ExampleSource, JsonlCorpus, PlainTextCorpus, read_labels};
use ner_cpython::{PythonRandom, SharedRandom};
use ner_doc::{Annotation, Doc, EntIob, Example};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;
use serde_json::{Value, json};

/// The folders that hold `area`: the slice, and the full suite if there is one.
fn golden_dirs(area: &str) -> Vec<PathBuf> {
    let slice = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let full = std::env::var_os("NER_GOLDEN").map(PathBuf::from);
    let dirs: Vec<_> = [Some(slice), full]
        .into_iter()
        .flatten()
        .map(|dir| dir.join(area))
        .filter(|dir| dir.exists())
        .collect();
    assert!(!dirs.is_empty(), "no golden data for {area}");
    dirs
}

fn tokenizer() -> Tokenizer {
    Tokenizer::for_language(Arc::new(Vocab::new("en").unwrap())).unwrap()
}

/// The rows of a file of JSON Lines, packed or not.
fn rows(path: &Path) -> Vec<Value> {
    let mut text = String::new();
    let file = fs::File::open(path).unwrap();
    if path.extension().unwrap() == "gz" {
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        (&file).read_to_string(&mut text).unwrap();
    }
    let rows: Vec<Value> = text
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!rows.is_empty(), "{} holds no case", path.display());
    rows
}

fn number(row: &Value, key: &str) -> usize {
    row[key].as_u64().unwrap_or_default() as usize
}

#[test]
fn corpora_give_the_examples_that_spacys_give() {
    let (tokenizer, random) = (tokenizer(), SharedRandom::new(0));
    for dir in golden_dirs("corpus") {
        for row in rows(&dir.join("corpus.jsonl.gz")) {
            let Some(path) = row["path"].as_str() else { continue };
            let corpus = Corpus::new(dir.join("data").join(path), "paths.train")
                .limit(number(&row, "limit"))
                .max_length(number(&row, "max_length"));
            let corpus = if row["gold_preproc"] == json!(true) { corpus.gold_preproc() } else { corpus };
            let examples: Result<Vec<Example>, _> = corpus.examples(&tokenizer, &random).collect();
            if row["error"].is_string() || !row["warnings"].as_array().unwrap().is_empty() {
                let message = examples.unwrap_err().to_string();
                // What is there and cannot be read names its file and line; the key is named of what is not there.
                let is_missing = row["error"].is_string();
                assert!(
                    message.contains(path) && (message.contains("paths.train") || !is_missing),
                    "{message}"
                );
                continue;
            }
            let examples: Vec<Value> = examples.unwrap().iter().map(example_json).collect();
            let mut expected = row["examples"].as_array().unwrap().clone();
            for (example, expected) in examples.iter().zip(&mut expected) {
                if expected["predicted_norms"].is_null() {
                    expected["predicted_norms"] = example["predicted_norms"].clone();
                }
            }
            assert_eq!(Value::from(examples), Value::from(expected), "{row}");
        }
    }
}

fn example_json(example: &Example) -> Value {
    let (predicted, reference) = (&example.predicted, &example.reference);
    let label = |id| reference.vocab().strings().get(id).unwrap().to_string();
    let entities = reference.entities().unwrap();
    json!({
        "predicted": predicted.words(),
        "reference": reference.words(),
        "predicted_spaces": predicted.tokens.iter().map(|token| u8::from(token.space_after)).collect::<Vec<_>>(),
        "predicted_norms": norms(predicted),
        "reference_ents": entities.iter().map(|it| json!([it.start, it.end, label(it.label)])).collect::<Vec<_>>(),
    })
}

fn norms(doc: &Doc) -> Vec<String> {
    let norm = |token: &ner_doc::Token| match doc.vocab().strings().get(token.own_norm) {
        Some(norm) if !token.own_norm.is_empty() => norm.to_string(),
        _ => doc.vocab().norm(token.text()).into_owned(),
    };
    doc.tokens.iter().map(norm).collect()
}

#[test]
fn raw_texts_and_labels_are_read_as_spacy_reads_them() {
    let (tokenizer, random) = (tokenizer(), SharedRandom::new(0));
    for dir in golden_dirs("corpus") {
        for row in rows(&dir.join("text_readers.jsonl")) {
            let file = dir.join("data").join(row["file"].as_str().unwrap());
            let (min, max) = (number(&row, "min_length"), number(&row, "max_length"));
            let source: Box<dyn ExampleSource> = match row["reader"].as_str().unwrap() {
                "JsonlCorpus" => Box::new(JsonlCorpus::new(file, "paths.raw_text", min, max)),
                "PlainTextCorpus" => Box::new(PlainTextCorpus::new(file, "paths.raw_text", min, max)),
                _ => {
                    let labels = read_labels(&file, row["require"] == json!(true));
                    match row["error"].is_string() {
                        true => assert!(labels.is_err()),
                        false => assert_eq!(labels.unwrap().unwrap_or_default(), row["value"]),
                    }
                    continue;
                }
            };
            let texts: Vec<String> = source
                .examples(&tokenizer, &random)
                .map(|example| example.unwrap())
                .inspect(|example| assert_eq!(example.predicted.words(), example.reference.words()))
                .map(|example| example.reference.text())
                .collect();
            assert_eq!(json!(texts), row["texts"], "{row}");
        }
    }
}

#[test]
fn augmenters_draw_and_change_what_spacys_do() {
    let tokenizer = tokenizer();
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    for dir in golden_dirs("corpus") {
        let inputs: Vec<Value> =
            serde_json::from_slice(&fs::read(dir.join("augment_inputs.json")).unwrap()).unwrap();
        let references: Vec<Doc> = inputs.iter().map(|input| reference(input, &tokenizer)).collect();
        for row in rows(&dir.join("augment.jsonl.gz")) {
            let augmenter = augmenter(&row, &registry);
            let mut random = PythonRandom::new(row["python_random_seed"].as_u64().unwrap());
            for (reference, expected) in references.iter().zip(row["outputs"].as_array().unwrap()) {
                let predicted = tokenizer.tokenize(&reference.text()).unwrap();
                let example = Example::new(predicted, reference.clone());
                let example = augmenter.augment(example, &tokenizer, &mut random).unwrap();
                let words = example.predicted.tokens.iter();
                let predicted: Vec<_> = words.map(|token| json!([token.text(), token.space_after])).collect();
                assert_eq!(json!(predicted), expected[0]["predicted"], "{}", row["augmenter"]);
                assert_eq!(
                    reference_json(&example.reference),
                    expected[0]["reference"],
                    "{}",
                    row["augmenter"]
                );
            }
            assert_eq!(json!(random.random()), row["random_after"], "{}", row["augmenter"]);
        }
    }
}

fn augmenter(row: &Value, registry: &Registry) -> Box<dyn Augmenter> {
    let name = match row["augmenter"].as_str().unwrap() {
        name if name.starts_with("lower_case") => "spacy.lower_case.v1",
        name if name.starts_with("orth_variants") => "spacy.orth_variants.v1",
        _ => "spacy.combined_augmenter.v1",
    };
    let arguments: Table = serde_json::from_value(row["args"].clone()).unwrap();
    let block = arguments
        .into_iter()
        .fold(Block::function(Kind::Augmenters, name), |block, (key, value)| block.with(&key, value));
    registry.build(Kind::Augmenters, &block).unwrap()
}

fn reference(input: &Value, tokenizer: &Tokenizer) -> Doc {
    let list = |key: &str| serde_json::from_value(input[key].clone()).unwrap();
    let annotation = Annotation {
        words: Some(serde_json::from_value(input["words"].clone()).unwrap()),
        spaces: Some(serde_json::from_value(input["spaces"].clone()).unwrap()),
        tags: Some(list("tags")),
        ..Annotation::default()
    };
    let empty = tokenizer.tokenize("").unwrap();
    let (mut doc, _) = annotation.to_doc(&empty).unwrap();
    let strings = tokenizer.vocab().strings();
    let labels: Vec<String> = list("type");
    let iobs: Vec<u8> = serde_json::from_value(input["iob"].clone()).unwrap();
    for ((token, label), iob) in doc.tokens.iter_mut().zip(labels).zip(iobs) {
        token.ent_type = strings.add(&label);
        token.ent_iob = [EntIob::Missing, EntIob::In, EntIob::Out, EntIob::Begin][usize::from(iob)];
    }
    doc
}

fn reference_json(doc: &Doc) -> Value {
    let text = |id| doc.vocab().strings().get(id).unwrap().to_string();
    let tokens = || doc.tokens.iter();
    // The first token counts as the start of a sentence where nothing is said of it.
    let sent_start = |(index, token): (usize, &ner_doc::Token)| match token.sent_start {
        0 if index == 0 => 1,
        start => start,
    };
    json!({
        "words": doc.words(),
        "spaces": tokens().map(|token| token.space_after).collect::<Vec<_>>(),
        "norms": norms(doc),
        "iob": tokens().map(|token| token.ent_iob as u8).collect::<Vec<_>>(),
        "type": tokens().map(|token| text(token.ent_type)).collect::<Vec<_>>(),
        "tags": (0..doc.len()).map(|index| text(doc.syntax.get(index).cloned().unwrap_or_default().tag)).collect::<Vec<_>>(),
        "sent_start": tokens().enumerate().map(sent_start).collect::<Vec<_>>(),
        "unknown_spaces": doc.has_unknown_spaces,
    })
}

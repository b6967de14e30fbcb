//! `hf/`, `curated/`: what encoders give, what recognisers take of it, and what these find.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Tensor;
use flate2::read::GzDecoder;
use ner_doc::Doc;
use ner_layers::{Mode, to_vec};
use ner_model::{SharedRows, StateScorer, TokenInput, TransitionModel};
use ner_pipeline::{EntityRecognizer, Pipeline};
use ner_transitions::{Constraints, ContextFeatures, State, ValidActions};
use ner_vocab::Vocab;
use serde_json::Value;

use super::super::suite::json;
use super::made::{folders, n_expected, pipeline};
use super::tensors::{Tensors, check_relative, put_recognizer};

/// Those of the whole suite; `bert-slow` is refused (`use_fast = false`).
const HUGGING_FACE: &[&str] = &[
    "bert-uncased",
    "bert-cased",
    "bert-short",
    "distilbert",
    "electra",
    "roberta",
    "xlmr",
    "camembert",
    "albert",
    "bert-sum",
    "bert-doc-spans",
    "bert-sent-spans",
    "bert-window-16-10",
    "bert-window-12-12",
];

const CURATED: &[&str] = &[
    "bert-uncased",
    "bert-cased",
    "bert-cased-wordpiece",
    "roberta",
    "xlmr",
    "camembert",
    "albert",
    "bert-window-16-10",
    "bert-scalar-weight",
    "bert-sum",
];

/// Below this distance between the best two valid actions, rounding decides.
const MIN_MARGIN: f32 = 1e-3;

pub(super) fn rows(path: &Path) -> Vec<Value> {
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(super) fn doc(vocab: &Arc<Vocab>, row: &Value) -> Doc {
    let tokens = row["tokens"].as_array().unwrap().iter();
    let (words, spaces): (Vec<&str>, Vec<bool>) =
        tokens.map(|token| (token[0].as_str().unwrap(), token[1].as_bool().unwrap())).unzip();
    let mut doc = Doc::from_words(vocab.clone(), &words, &spaces);
    if let Some(starts) = row["sent_starts"].as_array() {
        for (token, start) in doc.tokens.iter_mut().zip(starts).skip(1) {
            token.sent_start = if start.as_i64().unwrap() > 0 { 1 } else { -1 };
        }
    }
    doc
}

/// The scores of all states of the greedy parse, and the smallest distance between the best two valid actions.
fn follow(recognizer: &EntityRecognizer, scorer: &StateScorer, doc: &Doc) -> (Vec<f32>, f32) {
    let actions = recognizer.actions();
    let constraints = Constraints::new(doc, actions);
    let context = ContextFeatures::with_count(scorer.layers.n_features).unwrap();
    let mut state = State::new(doc.len());
    let mut ids = vec![-1; scorer.layers.n_features];
    let (mut sums, mut hidden) = (Vec::new(), vec![0.0; scorer.layers.n_hidden]);
    let mut largest = vec![0; scorer.layers.n_hidden];
    let mut scores = vec![0.0; scorer.n_actions];
    let (mut all, mut margin) = (Vec::new(), f32::INFINITY);
    while !state.is_final() {
        state.write_context(context, 0, &mut ids);
        scorer.hidden(&ids, false, &mut sums, &mut hidden, &mut largest);
        scorer.scores(&hidden, &mut scores);
        all.extend_from_slice(&scores);
        let valid = ValidActions::new(&state, &constraints);
        let Some(best) = valid.best(actions, &scores) else {
            state.force_final();
            continue;
        };
        let others = actions.iter().filter(|(id, action)| *id != best && valid.contains(*action));
        let second = others.map(|(id, _)| scores[id.index()]).fold(f32::NEG_INFINITY, f32::max);
        margin = margin.min(scores[best.index()] - second);
        state.apply(actions.action(best));
    }
    (all, margin)
}

/// The rows of the pieces that belong to tokens, in order.
fn piece_rows(shared: &SharedRows, is_curated: bool) -> Vec<f32> {
    let all = to_vec(shared.last().clone());
    if !is_curated {
        return all;
    }
    let width = shared.last().dims()[1];
    let rows = shared.tokens.as_ref().unwrap().rows.iter().map(|row| *row as usize);
    rows.flat_map(|row| all[row * width..][..width].to_vec()).collect()
}

fn vectors(model: &TransitionModel, shared: &SharedRows) -> Tensor<2> {
    match &model.tokens {
        TokenInput::Listener(listener) => listener.forward(shared, &mut Mode::Predict),
        TokenInput::Own(_) => panic!("the recogniser is no listener"),
    }
}

fn check(folder: &Path, library: &str, name: &str) {
    let path = |ending: &str| folder.join(library).join(format!("{name}.{ending}"));
    let meta = json(&path("meta.json"));
    let tensors = Tensors::open(&path("safetensors"));
    let mut pipeline = pipeline(folder, &meta);
    put_recognizer(&mut pipeline, &tensors, "");
    let recognizer = pipeline.components()["ner"].downcast_ref::<EntityRecognizer>().unwrap();
    let names: Vec<String> = recognizer
        .actions()
        .iter()
        .map(|(id, _)| recognizer.actions().name(id))
        .filter(|name| name != "U-")
        .collect();
    assert_eq!(serde_json::json!(names), meta["classes"], "{library}/{name}");
    for row in rows(&path("jsonl.gz")) {
        let place = format!("{library}/{name} {}", row["id"]);
        check_row(&pipeline, recognizer, &tensors, &row, library == "curated", &place);
    }
}

fn check_row(
    pipeline: &Pipeline,
    recognizer: &EntityRecognizer,
    tensors: &Tensors,
    row: &Value,
    is_curated: bool,
    place: &str,
) {
    let mut doc = doc(pipeline.vocab(), row);
    if let Some(error) = row["error"].as_str() {
        assert!(error.contains("E030"), "{place}: {error}");
        let message = pipeline.predict(&mut [&mut doc]).unwrap_err().to_string();
        assert!(message.contains("sentence"), "{place}: {message}");
        return;
    }
    if doc.is_empty() {
        pipeline.predict(&mut [&mut doc]).unwrap();
        return;
    }
    let network = pipeline.components()["transformer"].token_vectors().unwrap();
    let shared = network.share(&[&doc], &mut Mode::Predict);
    let vectors = vectors(recognizer.model(), &shared);
    let (width, found) = (vectors.dims()[1], to_vec(vectors));
    let tensor = |what: &str| tensors.get(&format!("{}/{what}", row["id"]));
    if let Some(expected) = tensor("hidden") {
        let found = piece_rows(&shared, is_curated);
        check_relative(&found, expected, 1e-5, &format!("{place} hidden"));
    }
    if let Some(expected) = tensor("tokens") {
        let n_columns = expected.len() / doc.len();
        let first = found.chunks(width).flat_map(|row| row[..n_columns].to_vec()).collect::<Vec<_>>();
        let tolerance = if place.contains("-sum") { 1e-4 } else { 1e-5 };
        check_relative(&first, expected, tolerance, &format!("{place} tokens"));
    }
    if row["error_alone"].is_string() {
        // spaCy cannot: zeros are right.
        assert!(found.iter().all(|value| *value == 0.0), "{place}");
        pipeline.predict(&mut [&mut doc]).unwrap();
        return;
    }
    let (scores, margin) = follow(recognizer, &recognizer.model().scorer(found), &doc);
    if let Some(expected) = tensor("scores") {
        check_relative(&scores, expected, 1e-4, &format!("{place} scores"));
    }
    if margin > MIN_MARGIN {
        pipeline.predict(&mut [&mut doc]).unwrap_or_else(|error| panic!("{place}: {error}"));
        let found: Vec<Value> = doc
            .entities()
            .unwrap_or_else(|error| panic!("{place}: {error}"))
            .iter()
            .map(|entity| {
                let label = pipeline.vocab().strings().get(entity.label).unwrap();
                serde_json::json!([entity.start, entity.end, &*label])
            })
            .collect();
        assert_eq!(Value::Array(found), row["ents"], "{place}");
    }
}

fn check_all(library: &str, names: &[&str], in_slice: usize) {
    let mut n_checked = 0;
    for folder in folders() {
        let is_there = |name: &&&str| folder.join(library).join(format!("{name}.meta.json")).exists();
        for name in names.iter().filter(is_there) {
            check(&folder, library, name);
            n_checked += 1;
        }
    }
    assert_eq!(n_checked, n_expected(in_slice, names.len()), "{library}");
}

#[test]
fn vectors_and_entities_are_those_of_spacy_transformers() {
    check_all("hf", HUGGING_FACE, 0);
}

#[test]
fn vectors_and_entities_are_those_of_spacy_curated_transformers() {
    check_all("curated", CURATED, 1);
}

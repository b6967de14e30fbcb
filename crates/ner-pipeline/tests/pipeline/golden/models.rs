//! `model/`: pipelines that spaCy trained predict here what they predict there, and do so after being saved again.

use std::path::{Path, PathBuf};

use ner_doc::Doc;
use ner_pipeline::{EntityRecognizer, EntityScore, Pipeline};
use serde_json::Value;

use super::annotations::{integers, preset_doc, unknown_label_doc};
use super::suite::{cases, json, json_lines, numbers, pipeline, slice};

const MODELS: &[&str] = &[
    "hashembedcnn_v2",
    "listener",
    "two_listeners",
    "no_upper",
    "extra_state",
    "extra_state_no_upper",
    "maxout1",
    "maxout1_no_upper",
    "mhe_v2_odd_attrs",
    "untrained",
    "added_labels",
    "german_lookups",
    "static_vectors",
    "floret_vectors",
    "charembed",
    "charembed_v1_static",
    "hashembedcnn_v1_parser_v1",
    "mhe_v1_tok2vec_v1",
    "mish",
    "mish_v1",
    "beam4",
    "beam16",
];

/// Cases of the slice that the suite lacks.
const OWN_MODELS: &[&str] = &["torch_bilstm", "own_layers"];

/// Below this distance between the best two actions, rounding decides.
const MIN_MARGIN: f64 = 1e-3;

fn models() -> Vec<PathBuf> {
    let mut folders = cases("model", MODELS);
    folders.extend(slice("model", OWN_MODELS));
    folders
}

fn input(pipeline: &Pipeline, row: &Value) -> Doc {
    match row["text"].as_str() {
        Some(text) => pipeline.tokenizer().tokenize(text).unwrap(),
        None => preset_doc(pipeline.vocab(), row),
    }
}

fn check_predictions(folder: &Path, pipeline: &Pipeline) {
    for (index, row) in json_lines(&folder.join("expected.jsonl")).iter().enumerate() {
        let mut docs = [input(pipeline, row)];
        let is_close =
            |result: &Value| result["min_margin"].as_f64().is_some_and(|m| m != 0.0 && m <= MIN_MARGIN);
        if row["results"].as_object().unwrap().values().any(is_close) {
            continue;
        }
        pipeline.predict(&mut docs).unwrap();
        let last = row["results"].as_object().unwrap().values().next_back().unwrap();
        let strings = pipeline.vocab().strings();
        let text = |id| strings.get(id).unwrap_or_else(|| panic!("{id} is no known string")).to_string();
        let found_iob: Vec<i64> = docs[0].tokens.iter().map(|token| token.ent_iob as i64).collect();
        let found_type: Vec<String> = docs[0].tokens.iter().map(|token| text(token.ent_type)).collect();
        let found_kb_id: Vec<String> = docs[0].tokens.iter().map(|token| text(token.ent_kb_id)).collect();
        let place = format!("{} row {index}", folder.display());
        assert_eq!(found_iob, integers(&last["iob"]), "{place}");
        assert_eq!(serde_json::json!(found_type), last["type"], "{place}");
        assert_eq!(serde_json::json!(found_kb_id), last["kb_id"], "{place}");
    }
}

#[test]
fn predictions_are_spacys() {
    let folders = models();
    assert!(!folders.is_empty());
    for folder in folders {
        check_predictions(&folder, &pipeline(&folder));
    }
}

#[test]
fn a_saved_pipeline_predicts_the_same() {
    for folder in models() {
        let copy = tempfile::tempdir().unwrap();
        pipeline(&folder).save(&copy.path().join("pipeline")).unwrap();
        check_predictions(&folder, &pipeline_in(copy.path()));
    }
}

#[test]
fn model_files_are_as_long_as_spacys() {
    // PyTorch fills its archives up so that numbers can be mapped into memory; they are left out.
    for folder in cases("model", MODELS) {
        let copy = tempfile::tempdir().unwrap();
        pipeline(&folder).save(&copy.path().join("pipeline")).unwrap();
        for component in pipeline(&folder).components().keys() {
            let model =
                |root: &Path| std::fs::read(root.join("pipeline").join(component).join("model")).unwrap();
            assert_eq!(model(&folder).len(), model(copy.path()).len(), "{}: {component}", folder.display());
        }
    }
}

fn pipeline_in(folder: &Path) -> Pipeline {
    pipeline(folder)
}

#[test]
fn beams_are_as_sure_as_spacys() {
    let folders = cases("model", &["beam4", "beam16"]);
    for folder in folders {
        let mut pipeline = pipeline(&folder);
        let inputs = json_lines(&folder.join("expected.jsonl"));
        // Of a single sequence nobody is more or less sure.
        let rows = json_lines(&folder.join("beams.jsonl")).into_iter();
        for row in rows.filter(|row| row["beam_width"].as_u64() > Some(1)) {
            let recognizer = pipeline.recognizers_mut().next().unwrap();
            recognizer.settings_mut().beam_width = row["beam_width"].as_u64().unwrap() as u32;
            recognizer.settings_mut().beam_density = row["beam_density"].as_f64().unwrap();
            let mut doc = input(&pipeline, &inputs[row["input"].as_u64().unwrap() as usize]);
            let found = pipeline.predict_with_scores(&mut doc).unwrap();
            let strings = pipeline.vocab().strings();
            let score_of = |expected: &Value| {
                let [start, end] = [0, 1].map(|index| expected[index].as_u64().unwrap() as usize);
                let is_same = |entity: &&EntityScore| {
                    (entity.start, entity.end) == (start, end)
                        && strings.get(entity.label).as_deref() == expected[2].as_str()
                };
                found.iter().find(is_same).map_or(0.0, |entity| entity.score)
            };
            let expected = row["entity_scores"].as_array().unwrap();
            for expected in expected {
                let (found, expected_score) = (score_of(expected), expected[3].as_f64().unwrap());
                let place = format!("{}: {expected} of {row}", folder.display());
                assert!((found - expected_score).abs() < 1e-3, "{place}: {found}");
            }
            let total = |scores: &mut dyn Iterator<Item = f64>| scores.sum::<f64>();
            let found_total = total(&mut found.iter().map(|entity| entity.score));
            let expected_total = total(&mut expected.iter().map(|entity| entity[3].as_f64().unwrap()));
            assert!((found_total - expected_total).abs() < 1e-2, "{}: {row}", folder.display());
        }
    }
}

#[test]
fn unknown_labels_of_presets_stay() {
    for folder in cases("model", &["hashembedcnn_v2", "no_upper", "added_labels"]) {
        let pipeline = pipeline(&folder);
        for row in json(&folder.join("unknown_preset_labels.json")).as_array().unwrap() {
            let mut doc = unknown_label_doc(pipeline.vocab(), row);
            pipeline.predict(std::slice::from_mut(&mut doc)).unwrap();
            let label = |id| pipeline.vocab().strings().get(id).unwrap().to_string();
            let entities = doc.entities().unwrap().into_iter();
            let found: Vec<Value> = entities
                .map(|entity| serde_json::json!([entity.start, entity.end, label(entity.label)]))
                .collect();
            assert_eq!(Value::Array(found), row["ents"], "{}: {row}", folder.display());
        }
    }
}

#[test]
fn inner_numbers_are_spacys() {
    for folder in models() {
        let pipeline = pipeline(&folder);
        let inputs = json_lines(&folder.join("expected.jsonl"));
        for row in json(&folder.join("numbers.json")).as_array().unwrap() {
            let doc = input(&pipeline, &inputs[row["input"].as_u64().unwrap() as usize]);
            for (name, expected) in row["components"].as_object().unwrap() {
                let Some(recognizer) =
                    pipeline.components()[name.as_str()].downcast_ref::<EntityRecognizer>()
                else {
                    panic!("{name} is no recogniser")
                };
                let found = pipeline.projected_tokens(recognizer, &doc);
                let expected = numbers(&expected["hidden"]);
                assert_eq!(found.len(), expected.len());
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < 2e-4, "{}: {found} {expected}", folder.display());
                }
            }
        }
    }
}

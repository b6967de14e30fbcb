//! `trainlog/`: whole runs from the seed of the config, compared with spaCy's row by row.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::Document;
use ner_pipeline::{EntityRecognizer, Pipeline};
use ner_training::{EventSink, Output, TrainingEvent, train};
use serde_json::Value;

use super::{golden_dirs, json_lines as rows, registry};

/// Hears nothing of a run.
pub(super) struct Unheard;

impl EventSink for Unheard {
    fn event(&mut self, _: &TrainingEvent) {}
}

/// The case in the slice and in the whole suite. The slice has some of the cases, and fails if it lacks one of them.
fn folders(case: &str) -> Vec<PathBuf> {
    let [slice, whole @ ..] = &golden_dirs()[..] else { panic!("there is always the slice") };
    let in_slice = ["exact", "default", "continued"].contains(&case).then_some(slice);
    let folders: Vec<PathBuf> =
        in_slice.into_iter().chain(whole).map(|root| root.join("trainlog").join(case)).collect();
    let lacking = folders.iter().find(|folder| !folder.join("config.cfg").exists());
    assert_eq!(lacking, None, "a golden run is missing");
    folders
}

/// Trains as the golden run was trained; the found and the expected rows of the log.
fn run(folder: &Path) -> (Vec<Value>, Vec<Value>) {
    run_into(folder, "train.spacy", tempfile::tempdir().unwrap().path())
}

fn run_into(folder: &Path, train_file: &str, output: &Path) -> (Vec<Value>, Vec<Value>) {
    let data = folder.parent().unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let mut config = Document::read(&folder.join("config.cfg")).unwrap();
    config.set("paths.train", path(&data.join(train_file)));
    config.set("paths.dev", path(&data.join("dev.spacy")));
    config.set("training.logger.output_file", path(&output.join("log.jsonl")));
    if config.get("initialize.components.ner.labels.path").is_some() {
        config.set("initialize.components.ner.labels.path", path(&folder.join("ner.json")));
    }
    if config.get("components.ner.source").is_some() {
        config.set("components.ner.source", path(&data.join("default/model-best")));
    }
    let registry = registry();
    let config = config.fill(&registry).unwrap();
    train(
        &config,
        &registry,
        &Device::flex(),
        Some(&Output::to(&output.join("models"))),
        &mut Unheard,
        &|| false,
    )
    .unwrap();
    (rows(&output.join("log.jsonl")), rows(&folder.join("log.jsonl")))
}

fn check(found: &[Value], expected: &[Value], n_exact: usize, place: &str) {
    let steps = |rows: &[Value]| -> Vec<(u64, u64)> {
        rows.iter().map(|row| (row["epoch"].as_u64().unwrap(), row["step"].as_u64().unwrap())).collect()
    };
    assert_eq!(steps(found), steps(expected), "{place}");
    for (found, expected) in found.iter().zip(expected).take(n_exact) {
        let place = format!("{place} step {}", expected["step"]);
        for (name, loss) in expected["losses"].as_object().unwrap() {
            let (found, expected) = (found["losses"][name].as_f64().unwrap(), loss.as_f64().unwrap());
            assert!(
                (found - expected).abs() <= 1e-3 * (1.0 + expected.abs()),
                "{place}: {name} {found} {expected}"
            );
        }
        assert_eq!(found["scores"], expected["scores"], "{place}");
        assert_eq!(found["score"], expected["score"], "{place}");
    }
}

/// Without random dropout the whole run follows from the seed.
#[test]
fn a_run_without_dropout_is_spacys_run() {
    for folder in folders("exact") {
        let (found, expected) = run(&folder);
        check(&found, &expected, usize::MAX, &folder.display().to_string());
    }
}

/// With dropout rounding makes runs drift apart after some steps: the steps, the epochs and the first loss are spaCy's.
#[test]
fn runs_with_dropout_begin_and_end_as_spacys() {
    for case in
        ["default", "max_epochs", "labels_file", "patience_listener", "annotating_sentencizer", "streamed"]
    {
        for folder in folders(case) {
            let (found, expected) = run(&folder);
            if case == "patience_listener" {
                check(&found[..1], &expected[..1], 1, case);
            } else {
                check(&found, &expected, 1, case);
            }
            let best =
                |rows: &[Value]| rows.iter().map(|row| row["score"].as_f64().unwrap()).fold(0.0, f64::max);
            assert!(
                (best(&found) - best(&expected)).abs() < 0.05,
                "{case}: {} {}",
                best(&found),
                best(&expected)
            );
        }
    }
}

/// A component of a trained pipeline goes on learning, and learns a label that is new to it.
#[test]
fn a_copied_component_learns_on_as_in_spacy() {
    for folder in folders("continued") {
        let output = tempfile::tempdir().unwrap();
        let (found, expected) = run_into(&folder, "new_label.spacy", output.path());
        check(&found, &expected, 1, "continued");
        let last = output.path().join("models/model-last");
        let pipeline = Pipeline::load(&last, &registry(), &Device::flex()).unwrap();
        let recognizer = pipeline.components()["ner"].downcast_ref::<EntityRecognizer>().unwrap();
        let actions = recognizer.actions();
        let classes: Vec<String> = actions.iter().map(|(id, _)| actions.name(id)).collect();
        let expected: Vec<String> =
            serde_json::from_str(&std::fs::read_to_string(folder.join("classes.json")).unwrap()).unwrap();
        assert_eq!(classes, expected);
        assert!(
            !pipeline.config().root()["components"].as_table().unwrap()["ner"]
                .as_table()
                .unwrap()
                .contains_key("source")
        );
    }
}

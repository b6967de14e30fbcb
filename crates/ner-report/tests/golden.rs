//! The tables and log files of real runs of spaCy.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ner_config::{Block, Kind, Registry, Table};
use ner_report::TrainingLines;
use ner_training::{Evaluation, EventSink, Logger, RunPlan, TrainingEvent};
use serde_json::Value;

/// The slice of the golden suite that ner-training's tests have, and the whole suite.
fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ner-training/tests/golden");
    [slice].into_iter().chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn tables_and_log_files_are_equal() {
    let runs = golden_dirs().into_iter().flat_map(|dir| fs::read_dir(dir.join("trainlog")).unwrap());
    let runs = runs.map(|entry| entry.unwrap().path()).filter(|path| path.join("log.jsonl").exists());
    let runs: Vec<PathBuf> = runs.collect();
    assert!(runs.len() >= 3, "the slice has three runs, found {runs:?}");
    runs.iter().for_each(|run| check_run(run));
}

#[track_caller]
fn check_run(run: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logs/log.jsonl");
    let rows = json_lines(&run.join("log.jsonl"));
    let mut sink = Lines::default();

    let mut log = logger(&file).start(&plan(&rows[0]), &mut sink).unwrap();
    for row in &rows {
        log.evaluation(&evaluation(row), &mut sink).unwrap();
    }
    log.finish(&mut sink);

    let printed = sink.printed;
    assert_eq!(printed[0], format!("ℹ Saving results to {}", file.display()));
    let console = fs::read_to_string(run.join("console.txt")).unwrap();
    let mut expected = console.lines().skip_while(|line| !line.starts_with("ℹ Saving results to"));
    expected.next();
    let expected: Vec<&str> = expected.take_while(|line| !line.starts_with('✔')).collect();
    assert_eq!(printed[1..], expected, "{}", run.display());
    let written = fs::read_to_string(file).unwrap();
    assert_eq!(written, fs::read_to_string(run.join("log.jsonl")).unwrap(), "{}", run.display());
}

#[derive(Default)]
struct Lines {
    lines: TrainingLines,
    printed: Vec<String>,
}

impl EventSink for Lines {
    fn event(&mut self, event: &TrainingEvent) {
        assert!(!matches!(event, TrainingEvent::Progress(Some(_))), "no progress bar was asked for");
        self.printed.extend(self.lines.lines(event).iter().map(ToString::to_string));
    }
}

fn logger(file: &Path) -> Box<dyn Logger> {
    let table = Table::from_iter([
        ("@loggers".to_owned(), "spacy.ConsoleLogger.v3".into()),
        ("output_file".to_owned(), file.to_str().unwrap().into()),
    ]);
    let mut registry = Registry::new();
    ner_training::register(&mut registry);
    registry.build(Kind::Loggers, &Block::new("training.logger", table)).unwrap()
}

fn plan(row: &Value) -> RunPlan {
    let keys = |field: &str| row[field].as_object().unwrap().keys().cloned();
    let weights = keys("scores").map(|name| (name, Some(0.0)));
    RunPlan {
        trained: keys("losses").collect(),
        score_weights: weights.chain([("hidden".to_owned(), None)]).collect(),
        ..RunPlan::default()
    }
}

fn evaluation(row: &Value) -> Evaluation {
    let pairs = |field: &str| {
        let numbers = row[field].as_object().unwrap().iter();
        numbers.map(|(name, number)| (name.clone(), number.as_f64().unwrap())).collect::<Vec<_>>()
    };
    let scores = pairs("scores").into_iter().map(|(name, percent)| (name, Value::from(percent / 100.0)));
    Evaluation {
        epoch: row["epoch"].as_u64().unwrap() as usize,
        step: row["step"].as_u64().unwrap() as usize,
        losses: pairs("losses").into_iter().collect(),
        scores: scores.collect(),
        score: row["score"].as_f64().unwrap(),
        ..Evaluation::default()
    }
}

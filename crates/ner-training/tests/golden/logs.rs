use std::fs;
use std::path::Path;

use ner_config::{Block, Kind, Table};
use ner_training::{Evaluation, LogLine, LogSink, Logger, Progress, RunPlan};
use serde_json::Value;

use crate::{golden_dirs, json_lines, registry};

#[test]
fn tables_and_log_files_are_equal() {
    let runs = golden_dirs().into_iter().flat_map(|dir| fs::read_dir(dir.join("trainlog")).unwrap());
    let runs = runs.map(|entry| entry.unwrap().path()).filter(|path| path.join("log.jsonl").exists());
    for run in runs {
        check_run(&run);
    }
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

    let printed: Vec<String> = sink.0.iter().map(LogLine::to_string).collect();
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
struct Lines(Vec<LogLine>);

impl LogSink for Lines {
    fn line(&mut self, line: &LogLine) {
        self.0.push(line.clone());
    }

    fn progress(&mut self, progress: Option<&Progress>) {
        assert_eq!(progress, None, "no progress bar was asked for");
    }
}

fn logger(file: &Path) -> Box<dyn Logger> {
    let table = Table::from_iter([
        ("@loggers".to_owned(), "spacy.ConsoleLogger.v3".into()),
        ("output_file".to_owned(), file.to_str().unwrap().into()),
    ]);
    registry().build(Kind::Loggers, &Block::new("training.logger", table)).unwrap()
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
    }
}

//! Batches, scores, stopping points and logs of real runs of spaCy.

mod batchers;
mod pretrain;
mod runs;
mod scores;
mod transformers;

use std::fs;
use std::path::{Path, PathBuf};

use ner_config::{Registry, Table};
use serde_json::Value;

fn cases(file: &str) -> Vec<Value> {
    golden_dirs().iter().flat_map(|dir| json_lines(&dir.join(file))).collect()
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    [slice].into_iter().chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    ner_optim::register(&mut registry);
    ner_corpus::register(&mut registry);
    ner_pipeline::register(&mut registry);
    ner_training::register(&mut registry);
    registry
}

/// The arguments of a config block; `{"@": name, ...}` inside is a schedule.
fn arguments<'a>(pairs: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Table {
    let argument = |(name, value): (&String, &Value)| match value {
        Value::String(function) if name == "@" => ("@schedules".to_owned(), format!("{function}.v1").into()),
        Value::Object(call) => (name.clone(), ner_config::Value::Table(arguments(call))),
        value => (name.clone(), serde_json::from_value(value.clone()).unwrap()),
    };
    pairs.into_iter().map(argument).collect()
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as usize).collect()
}

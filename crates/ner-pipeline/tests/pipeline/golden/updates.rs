//! `update/`: gradients of one update, and the losses of thirty.

use std::path::Path;

use ner_config::{Block, Kind, Registry};
use ner_doc::Example;
use ner_optim::Optimizer;
use ner_pipeline::{Learning, Losses, Pipeline, Random};
use serde_json::Value;

use super::annotations::batch_doc;
use super::gradients::{check_gradients, check_losses};
use super::suite::{cases, json, pipeline};

const UPDATES: &[&str] = &[
    "cnn",
    "extra_state",
    "no_upper",
    "listener",
    "two_listeners",
    "maxout1",
    "missing",
    "negative",
    "presets",
    "oracle_cut",
    "no_cut",
    "resize",
    "resize_no_upper",
    "misaligned",
    "dropout",
    "dropout_static",
    "static_vectors",
    "floret",
    "charembed",
    "mish",
    "legacy_v1",
    "beam",
    "beam_density0",
];

/// A golden case, ready for its updates.
struct Case {
    pipeline: Pipeline,
    info: Value,
    batches: Vec<Vec<Example>>,
}

impl Case {
    fn open(folder: &Path) -> Case {
        let mut pipeline = pipeline(folder);
        let info = json(&folder.join("info.json"));
        if info["hidden_dropout"] == "ones" {
            for recognizer in pipeline.recognizers_mut() {
                recognizer.settings_mut().hidden_dropout = 0.0;
            }
        }
        let vocab = pipeline.vocab().clone();
        let example = |row: &Value| {
            Example::new(batch_doc(&vocab, &row["predicted"]), batch_doc(&vocab, &row["reference"]))
        };
        let batches = json(&folder.join("batches.json"));
        let batches = batches.as_array().unwrap().iter();
        let batches = batches.map(|batch| batch.as_array().unwrap().iter().map(example).collect()).collect();
        Case { pipeline, info, batches }
    }

    fn update(&mut self, batch: usize, learning: &mut Learning) -> Losses {
        let dropout = self.info["drop"].as_f64().unwrap();
        let examples: Vec<&Example> = self.batches[batch].iter().collect();
        self.pipeline.update(&examples, dropout, learning).unwrap();
        std::mem::take(&mut learning.losses)
    }

    fn optimizer(&self) -> Box<dyn Optimizer> {
        adam(&self.info["optimizer"])
    }
}

/// Adam with these settings.
pub(crate) fn adam(settings: &Value) -> Box<dyn Optimizer> {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    let mut block = Block::function(Kind::Optimizers, "Adam.v1");
    for (key, value) in settings.as_object().unwrap() {
        block = match value {
            Value::Bool(flag) => block.with(key, *flag),
            number => block.with(key, number.as_f64().unwrap()),
        };
    }
    registry.build(Kind::Optimizers, &block).unwrap()
}

fn random(row: &Value) -> Random {
    let mut random = Random::new(row["python_random_seed"].as_u64().unwrap_or(0));
    if let Some(seed) = row["numpy_random_seed"].as_u64() {
        random.numpy = Random::new(seed).numpy;
    }
    random
}

#[test]
fn gradients_are_spacys() {
    let folders = cases("update", UPDATES);
    assert!(!folders.is_empty());
    for folder in folders {
        let mut case = Case::open(&folder);
        let mut learning = Learning::new(case.optimizer(), random(&case.info));
        let losses = case.update(0, &mut learning);
        check_losses(&losses, &case.info["losses"], &folder.display().to_string());
        check_gradients(&case.pipeline, &learning, &folder);
    }
}

#[test]
fn thirty_updates_have_spacys_losses() {
    for folder in cases("update", UPDATES) {
        let mut case = Case::open(&folder);
        let trace = json(&folder.join("trace.json"));
        let mut learning = Learning::new(case.optimizer(), random(&trace));
        for row in trace["steps"].as_array().unwrap() {
            let losses = case.update(row["batch"].as_u64().unwrap() as usize, &mut learning);
            check_losses(&losses, &row["losses"], &format!("{} step {}", folder.display(), row["step"]));
            case.pipeline.finish_update(&mut learning).unwrap();
            learning.optimizer.step_schedules();
        }
    }
}

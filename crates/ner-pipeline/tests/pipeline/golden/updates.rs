//! `update/`: gradients of one update, and the losses of thirty.

use std::path::Path;

use ner_config::{Block, Kind, Registry};
use ner_doc::Example;
use ner_model::LayerTree;
use ner_optim::Optimizer;
use ner_pipeline::{Learning, Losses, Pipeline, Random};
use safetensors::SafeTensors;
use serde_json::Value;

use super::annotations::batch_doc;
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
        let mut registry = Registry::new();
        ner_optim::register(&mut registry);
        let mut block = Block::function(Kind::Optimizers, "Adam.v1");
        for (key, value) in self.info["optimizer"].as_object().unwrap() {
            block = match value {
                Value::Bool(flag) => block.with(key, *flag),
                number => block.with(key, number.as_f64().unwrap()),
            };
        }
        registry.build(Kind::Optimizers, &block).unwrap()
    }
}

fn random(row: &Value) -> Random {
    let mut random = Random::new(row["python_random_seed"].as_u64().unwrap_or(0));
    if let Some(seed) = row["numpy_random_seed"].as_u64() {
        random.numpy = Random::new(seed).numpy;
    }
    random
}

fn check_losses(found: &Losses, expected: &Value, place: &str) {
    for (name, expected) in expected.as_object().unwrap() {
        let (found, expected) = (found[name.as_str()], expected.as_f64().unwrap());
        let difference = (found - expected).abs() / (1.0 + expected.abs());
        assert!(difference <= 1e-3, "{place}: loss of {name} is {found}, not {expected}");
    }
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
        let bytes = std::fs::read(folder.join("grads.safetensors")).unwrap();
        let expected = SafeTensors::deserialize(&bytes).unwrap();
        for (name, component) in case.pipeline.components() {
            let mut tree = LayerTree::to_read();
            let Some(root) = component.layer(&mut tree) else { continue };
            for (node, parameter, id) in tree.parameters(&root) {
                let key = format!("{name}/{node}/{parameter}");
                let Ok(expected) = expected.tensor(&key) else {
                    let found = learning.gradients.get(id).unwrap_or_default();
                    assert!(found.iter().all(|&value| value == 0.0), "{}: {key}", folder.display());
                    continue;
                };
                let expected: Vec<f32> = expected
                    .data()
                    .as_chunks::<4>()
                    .0
                    .iter()
                    .map(|bytes| f32::from_le_bytes(*bytes))
                    .collect();
                let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
                let found = learning.gradients.get(id).unwrap_or_else(|| vec![0.0; expected.len()]);
                for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    let difference = (found - expected).abs();
                    assert!(
                        difference <= 1e-4 * largest,
                        "{}: {key}[{index}] is {found}, not {expected} (largest {largest})",
                        folder.display()
                    );
                }
            }
        }
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

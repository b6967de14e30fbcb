//! Traces of Thinc's optimisers and values of its schedules.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use ner_config::{Block, Kind, Registry, Table};
use ner_optim::{Gradient, Optimizer, ParameterKey, ParameterUpdate, Schedule};
use serde_json::Value;

#[test]
fn schedules_give_the_same_values() {
    for case in golden_dirs().iter().flat_map(|dir| json_lines(&dir.join("schedules/schedules.jsonl"))) {
        let block = Block::new("schedule", function("@schedules", &case["schedule"]));
        let schedule: Schedule = registry().build(Kind::Schedules, &block).unwrap();
        let expected = floats(&case["values"]);
        let values = schedule.take(expected.len());
        for (step, (value, expected)) in values.zip(&expected).enumerate() {
            assert!(
                (value - expected).abs() <= 1e-12 * (1.0 + value.abs()),
                "{}, step {step}: {value} is not {expected}",
                case["schedule"]
            );
        }
    }
}

#[test]
fn optimizers_move_weights_and_averages_alike() {
    for case in golden_dirs().iter().flat_map(|dir| json_lines(&dir.join("optim/traces.jsonl.gz"))) {
        let name = case["name"].as_str().unwrap();
        let mut optimizer = optimizer(case["optimizer"].as_str().unwrap(), &case["params"]);
        let mut parameters = Parameters::new(&case["initial"]);
        for step in case["steps"].as_array().unwrap() {
            assert_eq!(optimizer.learn_rate(), step["learn_rate"].as_f64().unwrap(), "{name}");
            parameters.update(&mut *optimizer, &step["grads"]);
            parameters.check(&step["weights"], 2e-5, name);
            let averages = step.get("averages").and_then(Value::as_object).cloned().unwrap_or_default();
            for (index, parameter) in parameters.0.iter().enumerate() {
                let average = optimizer.averages(ParameterKey(index as u64));
                let expected = averages.get(&parameter.name).map(flat);
                assert_eq!(average.is_some(), expected.is_some(), "{name}, {}", parameter.name);
                if let (Some(average), Some(expected)) = (average, expected) {
                    assert_close(average, &expected, 2e-5, name);
                }
            }
            optimizer.step_schedules();
        }
    }
}

#[test]
fn momentum_goes_on_where_a_step_gives_no_gradient() {
    for dir in golden_dirs() {
        let text = fs::read_to_string(dir.join("optim/missing_gradients.json")).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        let mut optimizer = optimizer("Adam", &case["optimizer"]);
        let mut parameters = Parameters::new(&case["initial"]);
        for step in case["steps"].as_array().unwrap() {
            parameters.update(&mut *optimizer, &step["grads_given"]);
            parameters.check(&step["weights"], 1e-5, "missing gradients");
            optimizer.step_schedules();
        }
    }
}

struct Parameter {
    name: String,
    weights: Vec<f32>,
}

struct Parameters(Vec<Parameter>);

impl Parameters {
    fn new(tensors: &Value) -> Parameters {
        let tensors = tensors.as_object().unwrap().iter();
        Parameters(
            tensors.map(|(name, tensor)| Parameter { name: name.clone(), weights: flat(tensor) }).collect(),
        )
    }

    fn update(&mut self, optimizer: &mut dyn Optimizer, gradients: &Value) {
        let updates = (0..).map(ParameterKey).zip(&mut self.0).map(|(key, Parameter { name, weights })| {
            let gradient = gradients.get(name.as_str()).map(flat).map(Gradient::All);
            ParameterUpdate::new(key, "", weights, gradient)
        });
        optimizer.update_all(updates.collect()).unwrap();
    }

    #[track_caller]
    fn check(&self, expected: &Value, tolerance: f32, case: &str) {
        for (name, expected) in expected.as_object().unwrap() {
            let Parameter { weights, .. } = self.0.iter().find(|parameter| parameter.name == *name).unwrap();
            assert_close(weights, &flat(expected), tolerance, &format!("{case}, {name}"));
        }
    }
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, place: &str) {
    assert_eq!(found.len(), expected.len(), "{place}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= tolerance * (1.0 + found.abs()),
            "{place}: {found} is not {expected}"
        );
    }
}

fn optimizer(name: &str, arguments: &Value) -> Box<dyn Optimizer> {
    let mut arguments = arguments.clone();
    arguments["@"] = name.into();
    let block = Block::new("optimizer", function("@optimizers", &arguments));
    registry().build(Kind::Optimizers, &block).unwrap()
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    registry
}

/// The block for `{"@": name, ...}`.
fn function(key: &str, call: &Value) -> Table {
    let arguments = call.as_object().unwrap().iter();
    arguments
        .map(|(name, value)| match value {
            Value::String(function) if name == "@" => (key.to_owned(), format!("{function}.v1").into()),
            Value::Object(_) => (name.clone(), ner_config::Value::Table(function("@schedules", value))),
            // The suite writes whole numbers of Python as floats here and there.
            Value::Number(number) if number.as_f64().unwrap().fract() == 0.0 => {
                (name.clone(), ner_config::Value::Integer(number.as_f64().unwrap() as i128))
            }
            value => (name.clone(), serde_json::from_value(value.clone()).unwrap()),
        })
        .collect()
}

fn json_lines(path: &Path) -> Vec<Value> {
    let mut text = String::new();
    let mut file = File::open(path).unwrap();
    match path.extension().unwrap() == "gz" {
        true => GzDecoder::new(file).read_to_string(&mut text).unwrap(),
        false => file.read_to_string(&mut text).unwrap(),
    };
    assert!(!text.is_empty(), "{} holds no case", path.display());
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    [slice].into_iter().chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The numbers of a nested list.
fn flat(tensor: &Value) -> Vec<f32> {
    match tensor {
        Value::Array(rows) => rows.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

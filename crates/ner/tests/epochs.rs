//! What an epoch gives a run to learn from: corpora that are varied anew, and streams in another order.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Mutex;

use ner::{Config, Example, NoReports, builtin, default_device, new_config};
use ner_config::{Builder, Kind};
use ner_corpus::AugmentError;
use ner_corpus::augment::Augmenter;
use ner_cpython::PythonRandom;
use ner_tokenizer::Tokenizer;
use ner_training::TrainingRun;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Remembers a number for each example that it sees.
struct Drawn;

static DRAWN: Mutex<Vec<u64>> = Mutex::new(Vec::new());

impl Augmenter for Drawn {
    fn augment(
        &self,
        example: Example,
        _: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        DRAWN.lock().unwrap().push(random.getrandbits(60));
        Ok(example)
    }
}

/// Three epochs of five documents.
fn config() -> Config {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut config = new_config("en").unwrap();
    for name in ["train", "dev"] {
        config.set(&format!("paths.{name}"), corpus.join(format!("{name}.jsonl")).to_str().unwrap());
        config.set(&format!("corpora.{name}.limit"), 5);
    }
    config.set("training.max_epochs", 3);
    config.set("training.batcher.size", 50);
    config
}

fn start(config: &Config) -> Result<TrainingRun, ner_training::TrainingError> {
    let register = |registry: &mut ner::Registry| {
        registry.add(Kind::Augmenters, "acme.Drawn.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Drawn) as Box<dyn Augmenter>)
        });
    };
    let registry = builtin().with(register).registry();
    TrainingRun::start(config, &registry, &default_device().unwrap(), &mut NoReports)
}

/// The numbers that were drawn in a whole run, and its report.
fn drawn(config: &Config) -> Vec<u64> {
    DRAWN.lock().unwrap().clear();
    start(config).unwrap().follow(None, &mut NoReports, &|| false).unwrap();
    DRAWN.lock().unwrap().clone()
}

#[test]
fn an_epoch_is_varied_in_its_own_way() {
    let mut config = config();
    let augmenter = r#"{"@augmenters": "acme.Drawn.v1"}"#;
    let augmenter: ner_config::Value = serde_json::from_str(augmenter).unwrap();
    config.set("corpora.train.augmenter", augmenter);
    let once = drawn(&config);
    assert_eq!(once.len(), 5);
    config.set("training.augment_each_epoch", true);
    let anew = drawn(&config);
    assert_eq!((anew.len(), &anew[..5]), (15, &once[..]), "the first epoch is the same");
    assert!(anew[5..10] != anew[..5] && anew[10..] != anew[5..10]);
    assert_eq!(anew, drawn(&config));
}

#[test]
fn settings_that_exclude_each_other_are_told() {
    let wrong = |settings: &[(&str, f64)]| {
        let mut config = config();
        for (key, value) in settings {
            config.set(&format!("training.{key}"), *value as i64);
        }
        start(&config).err().unwrap().to_string()
    };
    let message = "[training] shuffle_buffer: expected at least 1 document, and max_epochs = -1: a corpus that is \
                   held is shuffled as a whole";
    assert_eq!(wrong(&[("shuffle_buffer", 10.0)]), message);
    assert_eq!(wrong(&[("shuffle_buffer", 0.0), ("max_epochs", -1.0)]), message);
}

#[test]
fn a_stream_is_learned_from_in_the_order_of_its_seed() {
    let weights = |buffer: Option<i64>| {
        let mut config = config();
        config.set("training.max_epochs", -1);
        config.set("training.max_steps", 6);
        if let Some(buffer) = buffer {
            config.set("training.shuffle_buffer", buffer);
        }
        let mut run = start(&config).unwrap();
        run.follow(None, &mut NoReports, &|| false).unwrap();
        run.pipeline().to_files().unwrap().into_iter().collect::<Vec<_>>()
    };
    assert!(weights(Some(3)) == weights(Some(3)));
    assert!(weights(Some(3)) != weights(None));
}

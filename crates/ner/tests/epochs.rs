//! What an epoch gives a run to learn from: corpora that are varied anew, and streams in another order.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Mutex;

use ner::{Config, Example, NoReports, builtin, default_device, new_config};
use ner_config::{Builder, Kind};
use ner_corpus::AugmentError;
use ner_corpus::augment::Augmenter;
use ner_cpython::PythonRandom;
use ner_thinc::{Bytes, ModelFile};
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

/// A whole run.
fn followed(config: &Config) -> TrainingRun {
    let mut run = start(config).unwrap();
    run.follow(None, &mut NoReports, &|| false).unwrap();
    run
}

/// The learning rates of a run that evaluates each step.
fn learn_rates(config: &Config) -> Vec<f64> {
    followed(config).state().evaluations.iter().map(|evaluation| evaluation.learn_rate).collect()
}

/// Epochs of five steps, in which the rate falls to 0. Nothing is drawn, so that all epochs have as many batches as the corpus in
/// its own order.
fn with_falling_rate() -> Config {
    let mut config = config();
    let rate = r#"{"@schedules": "ner.warmup_cosine.v1", "initial_rate": 0.01, "warmup_steps": 2}"#;
    config.set("training.optimizer.learn_rate", serde_json::from_str::<ner_config::Value>(rate).unwrap());
    config.set("training.eval_frequency", 1);
    config.set("training.batcher.size", 1);
    config
}

/// The numbers that were drawn in a whole run, and its report.
fn drawn(config: &Config) -> Vec<u64> {
    DRAWN.lock().unwrap().clear();
    followed(config);
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
fn the_last_step_is_evaluated_if_the_config_says_so() {
    let steps = |evaluates_last: bool, key: &str, limit: i64| {
        let mut config = config();
        config.set("training.eval_frequency", 4);
        config.set("training.max_epochs", 0);
        config.set(&format!("training.{key}"), limit);
        if evaluates_last {
            config.set("training.evaluate_last", true);
        }
        let run = followed(&config);
        let evaluated = run.state().evaluations.iter().map(|evaluation| evaluation.step);
        (evaluated.collect::<Vec<_>>(), run.report(false).last_step)
    };
    assert_eq!(steps(false, "max_steps", 6), (vec![0, 4], 6));
    assert_eq!(steps(true, "max_steps", 6), (vec![0, 4, 6], 6));
    // A step that was evaluated in its turn is not evaluated again.
    assert_eq!(steps(true, "max_steps", 4), (vec![0, 4], 4));
    let (evaluated, last) = steps(true, "max_epochs", 3);
    assert_eq!(evaluated.last(), Some(&last));
}

/// The rate falls to 0 in the last of the steps that the epochs have.
#[test]
fn a_rate_falls_over_all_epochs() {
    let mut config = with_falling_rate();
    let rates = learn_rates(&config);
    assert_eq!(rates.len(), 15);
    assert!(rates[..2].iter().all(|rate| *rate > 0.009) && rates[14] == 0.0, "{rates:?}");
    assert!(rates[1..].windows(2).all(|pair| pair[1] <= pair[0]), "{rates:?}");
    config.set("training.max_epochs", 0);
    config.set("training.max_steps", 0);
    let error = start(&config).err().unwrap().to_string();
    assert!(error.contains("a schedule needs the number of steps"), "{error}");
}

#[test]
fn epochs_end_no_run_before_its_least_number_of_steps() {
    let mut config = with_falling_rate();
    config.set("training.min_steps", 18);
    let rates = learn_rates(&config);
    // As many whole epochs as it takes.
    assert_eq!(rates.len(), 20);
    assert!(rates[18] > 0.0 && rates[19] == 0.0, "{rates:?}");
    // A limit is a limit.
    config.set("training.max_steps", 7);
    assert_eq!(followed(&config).report(false).last_step, 7);
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
        let run = followed(&config);
        run.pipeline().to_files().unwrap().into_iter().collect::<Vec<_>>()
    };
    assert!(weights(Some(3)) == weights(Some(3)));
    assert!(weights(Some(3)) != weights(None));
}

fn knowing_words(mut config: Config) -> Config {
    let embed =
        serde_json::json!({"@architectures": "ner.WordEmbed.v1", "width": 96, "rows": 50, "affix_rows": 50});
    config.set("components.tok2vec.model.embed", serde_json::from_value::<ner_config::Value>(embed).unwrap());
    config
}

/// The file of the token vectors before the first step.
fn first_model(config: &Config) -> Vec<u8> {
    start(config).unwrap().pipeline().to_files().unwrap()["tok2vec/model"].to_vec()
}

#[test]
fn words_are_counted_as_they_stand_in_the_corpus() {
    let mut varied = knowing_words(config());
    let augmenter = serde_json::json!({"@augmenters": "ner.unseen_words.v1"});
    varied.set("corpora.train.augmenter", serde_json::from_value::<ner_config::Value>(augmenter).unwrap());
    varied.set("training.augment_each_epoch", true);
    // First weights are the same, and counts are a part of the file.
    assert!(first_model(&varied) == first_model(&knowing_words(config())));
}

#[test]
fn pretrained_weights_come_without_the_counts_of_words() {
    let counts = |model: &[u8]| -> Vec<String> {
        let nodes = ModelFile::from_bytes(&Bytes::from(model.to_vec())).unwrap().nodes;
        nodes.iter().map(|node| format!("{:?}", node.attrs.get("words"))).collect()
    };
    let mut of_fewer = knowing_words(config());
    of_fewer.set("corpora.train.limit", 2);
    of_fewer.set("training.seed", 7);
    let pretrained = first_model(&of_fewer);
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("model-last.bin");
    std::fs::write(&weights, &pretrained).unwrap();
    let plain = first_model(&knowing_words(config()));
    let mut begun = knowing_words(config());
    begun.set("initialize.init_tok2vec", weights.to_str().unwrap());
    let begun = first_model(&begun);
    assert_ne!(counts(&begun), counts(&pretrained));
    assert_eq!(counts(&begun), counts(&plain));
    assert_ne!(begun, plain);
}

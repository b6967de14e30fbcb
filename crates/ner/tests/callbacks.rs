//! Callbacks of another program: when they are called, and what they change.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ner::{Config, NoReports, Output, Pipeline, Registry, builtin, default_device, new_config};
use ner_config::{Builder, ConfigError, Kind, Value};
use ner_pipeline::Callback;
use ner_tokenizer::SpecialToken;
use ner_training::train;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// What the callbacks have seen, in order.
type Log = Arc<Mutex<Vec<String>>>;

/// The name of the point at which a callback is called.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NotedConfig {
    name: String,
}

fn register(registry: &mut Registry, log: &Log) {
    let noted = |log: &Log| {
        let log = log.clone();
        move |text: String| log.lock().unwrap().push(text)
    };
    let note = noted(log);
    registry.add(Kind::Callbacks, "acme.SmallBatches.v1", move |_: Nothing, _: &Builder<'_>| {
        let note = note.clone();
        Ok(Callback::of_config(move |config: &mut Config| {
            note("before_creation".to_owned());
            config.set("nlp.batch_size", 7);
            Ok::<_, ConfigError>(())
        }))
    });
    let note = noted(log);
    registry.add(Kind::Callbacks, "acme.Gimme.v1", move |_: Nothing, _: &Builder<'_>| {
        let note = note.clone();
        Ok(Callback::of_pipeline(move |pipeline: &mut Pipeline| {
            note(format!("after_creation of {}", pipeline.components().len()));
            let tokens = ["gim", "me"].map(SpecialToken::new);
            pipeline.tokenizer_mut().add_special_case("gimme", tokens.to_vec())
        }))
    });
    let note = noted(log);
    registry.add(Kind::Callbacks, "acme.Noted.v1", move |config: NotedConfig, _: &Builder<'_>| {
        let note = note.clone();
        Ok(Callback::of_pipeline(move |pipeline: &mut Pipeline| {
            let labels = pipeline.components()["ner"].labels().len();
            note(format!("{} with {labels} labels", config.name));
            Ok::<_, ConfigError>(())
        }))
    });
    let note = noted(log);
    registry.add(Kind::Callbacks, "acme.Counted.v1", move |_: Nothing, _: &Builder<'_>| {
        let note = note.clone();
        Ok(Callback::of_update(move |_: &mut Pipeline, update| {
            note(format!("before_update {} {}", update.step, update.epoch));
            Ok::<_, ConfigError>(())
        }))
    });
    let note = noted(log);
    registry.add(Kind::Callbacks, "acme.Signed.v1", move |_: Nothing, _: &Builder<'_>| {
        let note = note.clone();
        Ok(Callback::of_pipeline(move |pipeline: &mut Pipeline| {
            let is_scored = pipeline.meta().values().contains_key("performance");
            note(format!("before_to_disk, scored: {is_scored}"));
            pipeline.meta_mut().set("author", json!("acme"));
            Ok::<_, ConfigError>(())
        }))
    });
    registry.add(Kind::Callbacks, "acme.Fails.v1", |_: Nothing, _: &Builder<'_>| {
        Ok(Callback::of_update(|_: &mut Pipeline, _| Err("the moon is full")))
    });
}

fn registry(log: &Log) -> Registry {
    let mut registry = builtin().registry();
    register(&mut registry, log);
    registry
}

/// A run of four steps on a corpus of three batches, with these callbacks.
fn config(callbacks: &[(&str, serde_json::Value)], registry: &Registry) -> Config {
    let mut config = new_config("en").unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    for (name, limit) in [("train", 6), ("dev", 5)] {
        config.set(&format!("paths.{name}"), corpus.join(format!("{name}.jsonl")).to_str().unwrap());
        config.set(&format!("corpora.{name}.limit"), limit);
    }
    let batcher = json!({"@batchers": "spacy.batch_by_sequence.v1", "size": 2});
    config.set("training.batcher", block(batcher));
    config.set("training.max_steps", 3);
    config.set("training.eval_frequency", 2);
    for (key, callback) in callbacks {
        config.set(key, block(callback.clone()));
    }
    config.fill(registry).unwrap()
}

fn block(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

fn named(name: &str) -> serde_json::Value {
    json!({ "@callbacks": name })
}

fn noted(name: &str) -> serde_json::Value {
    json!({"@callbacks": "acme.Noted.v1", "name": name})
}

#[test]
fn callbacks_are_called_in_order_and_change_the_pipeline() {
    let log = Log::default();
    let registry = registry(&log);
    let config = config(
        &[
            ("nlp.before_creation", named("acme.SmallBatches.v1")),
            ("nlp.after_creation", named("acme.Gimme.v1")),
            ("nlp.after_pipeline_creation", noted("after_pipeline_creation")),
            ("initialize.before_init", noted("before_init")),
            ("initialize.after_init", noted("after_init")),
            ("training.before_update", named("acme.Counted.v1")),
            ("training.before_to_disk", named("acme.Signed.v1")),
        ],
        &registry,
    );
    let device = default_device().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = Output::to(folder.path());
    train(&config, &registry, &device, Some(&output), &mut NoReports, &|| false).unwrap();
    let creation = ["before_creation", "after_creation of 0", "after_pipeline_creation with 0 labels"];
    let run = [
        "before_init with 0 labels",
        "after_init with 6 labels",
        "before_update 0 0",
        "before_to_disk, scored: true",
        "before_update 1 0",
        "before_update 2 0",
        "before_to_disk, scored: true",
        "before_update 3 1",
        // The end of the run.
        "before_to_disk, scored: true",
    ];
    assert_eq!(std::mem::take(&mut *log.lock().unwrap()), [&creation[..], &run].concat());

    let pipeline = Pipeline::load(&folder.path().join("model-best"), &registry, &device).unwrap();
    let creation = ["before_creation", "after_creation of 0", "after_pipeline_creation with 6 labels"];
    assert_eq!(*log.lock().unwrap(), creation);
    assert_eq!(pipeline.config().get("nlp.batch_size"), Some(&Value::Integer(7)));
    assert_eq!(pipeline.meta().values()["author"], json!("acme"));
    let doc = pipeline.annotate("gimme more").unwrap();
    assert_eq!(doc.tokens.iter().map(|token| token.text()).collect::<Vec<_>>(), ["gim", "me", "more"]);
    // Elsewhere the pipeline opens without the program's callbacks, and has what they left in its files.
    let elsewhere =
        Pipeline::load(&folder.path().join("model-best"), &builtin().registry(), &device).unwrap();
    assert_eq!(elsewhere.annotate("gimme more").unwrap().len(), 3);
}

/// A run that resumes is not initialised again, and goes on with the callbacks of its steps.
#[test]
fn callbacks_of_a_resumed_run() {
    let log = Log::default();
    let registry = registry(&log);
    let config = config(
        &[
            ("nlp.after_pipeline_creation", noted("after_pipeline_creation")),
            ("initialize.before_init", noted("before_init")),
            ("initialize.after_init", noted("after_init")),
            ("training.before_update", named("acme.Counted.v1")),
        ],
        &registry,
    );
    let device = default_device().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = Output::to(folder.path());
    train(&config, &registry, &device, Some(&output), &mut NoReports, &|| true).unwrap();
    let begun = std::mem::take(&mut *log.lock().unwrap());
    assert_eq!(begun.last().unwrap(), "before_update 0 0");
    let output = Output::resuming(folder.path());
    train(&config, &registry, &device, Some(&output), &mut NoReports, &|| false).unwrap();
    let resumed = [
        "after_pipeline_creation with 6 labels",
        "before_update 1 0",
        "before_update 2 0",
        "before_update 3 1",
    ];
    assert_eq!(*log.lock().unwrap(), resumed);
}

#[test]
fn a_callback_that_changes_nothing_leaves_a_run_as_it_is() {
    let registry = registry(&Log::default());
    let device = default_device().unwrap();
    let [with, without] =
        [&[("training.before_update", named("acme.Counted.v1"))][..], &[]].map(|callbacks| {
            let folder = tempfile::tempdir().unwrap();
            let output = Output::to(folder.path());
            let config = config(callbacks, &registry);
            train(&config, &registry, &device, Some(&output), &mut NoReports, &|| false).unwrap();
            fs::read(folder.path().join("model-last/tok2vec/model")).unwrap()
        });
    assert!(with == without);
}

#[test]
fn callbacks_that_fail_or_do_not_fit_are_named() {
    let registry = registry(&Log::default());
    let device = default_device().unwrap();
    for (key, name, parts) in [
        (
            "training.before_update",
            "acme.Fails.v1",
            ["acme.Fails.v1\" failed: the moon is full", "before_update"],
        ),
        (
            "training.before_update",
            "acme.Gimme.v1",
            ["builds `Callback::of_pipeline`", "expected `Callback::of_update`"],
        ),
        (
            "training.before_to_disk",
            "acme.Counted.v1",
            ["before_to_disk: ", "expected `Callback::of_pipeline`"],
        ),
        ("initialize.before_init", "acme.Counted.v1", ["before_init: ", "expected `Callback::of_pipeline`"]),
        ("nlp.before_creation", "acme.Gimme.v1", ["before_creation: ", "expected `Callback::of_config`"]),
        (
            "nlp.after_creation",
            "spacy.copy_from_base_model.v1",
            ["after_creation: ", "initialize.before_init alone"],
        ),
    ] {
        let config = config(&[(key, named(name))], &registry);
        let error = train(&config, &registry, &device, None, &mut NoReports, &|| false).unwrap_err();
        let message = error.to_string();
        for part in parts {
            assert!(message.contains(part), "{key} {name}: {message}");
        }
    }
}

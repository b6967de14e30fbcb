//! Pretrained encoders in pipelines as a whole: training and resuming, components that come from elsewhere, texts that are
//! out of the ordinary. The encoder is a random BERT of two layers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod composed;
mod documents;
mod same_bytes;

use std::fs;
use std::path::{Path, PathBuf};

use ner::{Config, Device, NoReports, Pipeline, Registry, builtin, default_device};
use ner_config::Value;
use ner_training::{Output, TrainingRun};
use tempfile::TempDir;

/// What real spaCy wrote: encoders, a pipeline, and the config that it was trained by.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ner-pipeline/tests/golden/data/transformers")
}

fn registry() -> Registry {
    builtin().registry()
}

fn device() -> Device {
    default_device().unwrap()
}

/// Fifteen steps with a `transformer` or a `curated_transformer` whose encoder has dropout.
fn config(library: &str) -> Config {
    let base = golden();
    let text = fs::read_to_string(base.join("train").join("hf-bert/config.cfg")).unwrap();
    let text = text.replace("\"models/", &format!("\"{}/models/", base.display()));
    let text = text.replace("\"train/", &format!("\"{}/train/", base.display()));
    let mut config = Config::from_cfg_str(&text).unwrap();
    match library {
        "hf" => config.set(
            "components.transformer.model.transformer_config",
            json(r#"{"hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1}"#),
        ),
        _ => make_curated(&mut config),
    }
    config.set("training.logger", json(r#"{"@loggers": "spacy.ConsoleLogger.v1"}"#));
    config.set("corpora.train.limit", 60_i64);
    config.set("corpora.dev.limit", 10_i64);
    config.set("training.max_steps", 14_i64);
    config.set("training.eval_frequency", 6_i64);
    config
}

fn make_curated(config: &mut Config) {
    let model = golden().join("models/bert-uncased");
    let of = |function: &str| format!("spacy-curated-transformers.{function}");
    let component = serde_json::json!({
        "factory": "curated_transformer",
        "model": {
            "@architectures": of("BertTransformer.v1"), "vocab_size": 700, "hidden_width": 32, "intermediate_width": 64,
            "num_attention_heads": 4, "num_hidden_layers": 2,
            "piece_encoder": { "@architectures": of("BertWordpieceEncoder.v1") },
            "with_spans": { "@architectures": of("WithStridedSpans.v1") },
        },
        "all_layer_outputs": true,
    });
    config.set("components.transformer", json(&component.to_string()));
    let listener = serde_json::json!({
        "@architectures": of("ScalarWeightingListener.v1"), "width": 32,
        "pooling": { "@layers": "reduce_mean.v1" },
        "weighting": { "@architectures": of("ScalarWeight.v1"), "num_layers": 2 },
    });
    config.set("components.ner.model.tok2vec", json(&listener.to_string()));
    let loaders = serde_json::json!({
        "encoder_loader": { "@model_loaders": of("HFTransformerEncoderLoader.v1"), "name": model },
        "piecer_loader": { "@model_loaders": of("HFPieceEncoderLoader.v1"), "name": model },
    });
    config.set("initialize.components.transformer", json(&loaders.to_string()));
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A pipeline of spaCy: `transformer`, and `ner` that listens to it.
fn unpacked() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(golden().join("pipelines/hf-bert.tar.gz"), folder.path().join("hf-bert.tar.gz")).unwrap();
    folder
}

/// The start of a run, its config filled.
fn start(config: &Config) -> TrainingRun {
    TrainingRun::start(&config.fill(&registry()).unwrap(), &registry(), &device(), &mut NoReports).unwrap()
}

/// Trains to the end; the last pipeline.
fn train(config: &Config) -> Pipeline {
    let output = tempfile::tempdir().unwrap();
    let output_of_run = Output::to(output.path());
    ner_training::train(
        &config.fill(&registry()).unwrap(),
        &registry(),
        &device(),
        Some(&output_of_run),
        &mut NoReports,
        &|| false,
    )
    .unwrap();
    Pipeline::load(&output.path().join("model-last"), &registry(), &device()).unwrap()
}

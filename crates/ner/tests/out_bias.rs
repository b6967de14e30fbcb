//! The bias of the action "out": chosen by the evaluation corpus, in the best pipeline alone, and no part of training.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use ner::{Config, NoReports, Pipeline, builtin, default_device, new_config};
use ner_config::{Kind, Value};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_scorer::Counts;
use ner_training::{Evaluation, FinalScore, Output, TrainingError, TrainingRun, evaluate};

/// A few steps on a part of the repository's corpus, after which little is found.
fn config() -> Config {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut config = new_config("en").unwrap();
    for (name, limit) in [("train", 60), ("dev", 30)] {
        config.set(&format!("paths.{name}"), corpus.join(format!("{name}.jsonl")).to_str().unwrap());
        config.set(&format!("corpora.{name}.limit"), limit);
    }
    config.set("components.tok2vec.model.encode.width", 16);
    config.set("training.max_steps", 30);
    config.set("training.eval_frequency", 6);
    config.set("training.batcher.size", 300);
    config.set("training.optimizer.use_averages", true);
    config
}

fn tuned(mut config: Config) -> Config {
    config.set("training.tune_out_bias", true);
    config
}

fn start(config: &Config) -> Result<TrainingRun, TrainingError> {
    TrainingRun::start(config, &builtin().registry(), &default_device().unwrap(), &mut NoReports)
}

/// The evaluations of a whole run, and the pipelines that it has saved.
fn run(config: &Config) -> (Vec<Evaluation>, [Pipeline; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let output = Output::to(folder.path());
    let mut run = start(config).unwrap();
    run.follow(Some(&output), &mut NoReports, &|| false).unwrap();
    let saved = ["model-best", "model-last"].map(|name| {
        Pipeline::load(&folder.path().join(name), &builtin().registry(), &default_device().unwrap()).unwrap()
    });
    (run.state().evaluations.clone(), saved)
}

fn number(evaluation: &Evaluation, name: &str) -> f64 {
    evaluation.scores[name].as_f64().unwrap()
}

/// The documents of a corpus of a config.
fn dev_of(config: &Config, corpus: &str, pipeline: &Pipeline) -> Vec<Example> {
    let block = config.resolve().unwrap().block(corpus).unwrap();
    let source: Box<dyn ExampleSource> = builtin().registry().build(Kind::Readers, &block).unwrap();
    source.examples(pipeline.tokenizer(), &SharedRandom::new(0)).collect::<Result<_, _>>().unwrap()
}

/// The weights of each component.
fn models(pipeline: &Pipeline) -> BTreeMap<String, Vec<u8>> {
    let files = pipeline.to_files().unwrap().into_iter();
    files.filter(|(name, _)| name.ends_with("/model")).collect()
}

#[test]
fn the_best_pipeline_has_the_bias_and_nothing_else_changes() {
    let (plain, [_, plain_last]) = run(&config());
    let (evaluations, [mut best, last]) = run(&tuned(config()));
    assert_eq!(plain.len(), evaluations.len());
    for (plain, evaluation) in plain.iter().zip(&evaluations) {
        assert_eq!(plain.losses, evaluation.losses);
        assert_eq!(plain.score, number(evaluation, "untuned"));
        assert!(evaluation.score >= plain.score);
        let bias = number(evaluation, "out_bias");
        assert!((-6.0..=2.0).contains(&bias) && (bias != 0.0 || evaluation.score == plain.score), "{bias}");
    }
    assert!(evaluations.iter().any(|evaluation| number(evaluation, "out_bias") != 0.0), "{evaluations:?}");
    assert_eq!(models(&last), models(&plain_last));

    // What was measured is what was saved: decoding with the bias in the weights finds the same.
    let highest = evaluations.iter().rev().max_by(|one, other| one.score.total_cmp(&other.score)).unwrap();
    let highest = evaluations.iter().rfind(|evaluation| evaluation.score == highest.score).unwrap();
    let mut dev = dev_of(&config(), "corpora.dev", &best);
    let mut scores = evaluate(&mut best, &mut dev, false).unwrap().scores;
    let weights = [("ents_f".to_owned(), Some(1.0))].into_iter().collect();
    assert_eq!(FinalScore::new(&weights).score(&mut scores).unwrap(), highest.score);
    let performance = &best.meta().get("performance").unwrap();
    assert_eq!(performance["out_bias"].as_f64().unwrap(), number(highest, "out_bias"));
    assert_eq!(performance["ents_f"].as_f64().unwrap(), highest.score);
    assert_eq!(last.meta().get("performance").unwrap()["out_bias"], 0.0);
}

/// The evaluation documents whose numbers are even, or odd.
fn half_of_dev(config: &mut Config, folder: &Path, rest: usize) {
    let numbers: Vec<usize> = (0..30).filter(|number| number % 2 == rest).collect();
    let list = folder.join(format!("half-{rest}.json"));
    std::fs::write(&list, format!("{numbers:?}")).unwrap();
    let whole = config.get("corpora.dev").cloned().unwrap();
    config.set("corpora.half.@readers", "ner.Part.v1");
    config.set("corpora.half.corpus", whole);
    config.set("corpora.half.path", list.to_str().unwrap());
    config.set("training.dev_corpus", "corpora.half");
}

#[test]
fn a_half_of_dev_chooses_as_if_it_were_all_of_dev() {
    let folder = tempfile::tempdir().unwrap();
    let mut in_halves = tuned(config());
    in_halves.set("training.dev_halves", true);
    let mut whole = start(&in_halves).unwrap();
    whole.follow(None, &mut NoReports, &|| false).unwrap();
    let choices = whole.report(false).halves.unwrap();
    assert_ne!((choices[0].step, choices[0].out_bias), (choices[1].step, choices[1].out_bias));
    for (rest, choice) in choices.iter().enumerate() {
        let mut alone = tuned(config());
        half_of_dev(&mut alone, folder.path(), rest);
        let (evaluations, [mut best, _]) = run(&alone);
        let highest = evaluations.iter().max_by(|one, other| one.score.total_cmp(&other.score)).unwrap();
        let bias = number(highest, "out_bias");
        assert_eq!(
            (choice.step, f64::from(choice.out_bias), choice.score),
            (highest.step, bias, highest.score)
        );
        let mut other = config();
        half_of_dev(&mut other, folder.path(), 1 - rest);
        let mut other = dev_of(&other, "corpora.half", &best);
        let scores = evaluate(&mut best, &mut other, false).unwrap().scores;
        let counts: Counts = choice.other.values().copied().sum();
        assert_eq!(scores["ents_f"].as_f64().unwrap(), counts.score().f);
    }
}

#[test]
fn beams_and_networks_without_an_upper_layer_have_a_bias_too() {
    for changes in [
        &[("components.ner.model.use_upper", Value::from(false))][..],
        &[("components.ner.factory", Value::from("beam_ner")), ("components.ner.beam_width", Value::from(2))],
    ] {
        let mut config = tuned(config());
        for (key, value) in changes {
            config.set(key, value.clone());
        }
        let (evaluations, _) = run(&config);
        assert!(evaluations.iter().any(|evaluation| evaluation.score > number(evaluation, "untuned")));
    }
}

#[test]
fn what_cannot_be_tuned_is_refused_with_the_mend() {
    let error = |key: &str, value: Value| {
        let mut config = tuned(config());
        config.set(key, value);
        start(&config).err().unwrap().to_string()
    };
    let frozen = error("training.frozen_components", Value::from(vec!["ner"]));
    let message = "training.tune_out_bias: expected one recogniser that learns, found none: set it to false, or freeze the \
                   others (training.frozen_components)";
    assert!(frozen.contains(message), "{frozen}");
    let mut unweighted = tuned(config());
    for name in ["ents_f", "ents_p", "ents_r"] {
        unweighted.set(&format!("training.score_weights.{name}"), 0.0);
    }
    let unweighted = start(&unweighted).err().unwrap().to_string();
    assert!(unweighted.contains("expected a weight above 0 in training.score_weights"), "{unweighted}");
}

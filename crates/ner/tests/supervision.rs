//! The switches of `[training]` that spaCy does not have: which states are visited, and how much each counts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Mutex;

use ner::{Config, Registry, builtin, default_device, new_config};
use ner_config::{Builder, Kind};
use ner_training::{EventSink, TrainingError, TrainingEvent, train};
use ner_transitions::{LogLoss, Objective};
use schemars::JsonSchema;
use serde::Deserialize;

/// How many actions were free in each state that was visited.
static N_FREE: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// Held by the test that watches.
static WATCH: Mutex<()> = Mutex::new(());

/// The usual objective, which takes down what it was shown.
#[derive(Debug)]
struct Watching;

impl Objective for Watching {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        N_FREE.lock().unwrap().push(costs.iter().filter(|cost| **cost == 0).count());
        LogLoss.gradient(scores, costs, d_scores)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn registry() -> Registry {
    let register = |registry: &mut Registry| {
        registry.add(Kind::Objectives, "acme.Watching.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Watching) as Box<dyn Objective>)
        });
    };
    builtin().with(register).registry()
}

/// One step on twenty documents of the repository's corpus, all of them annotated.
fn config() -> Config {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut config = new_config("en").unwrap();
    for (name, limit) in [("train", 20), ("dev", 5)] {
        config.set(&format!("paths.{name}"), corpus.join(format!("{name}.jsonl")).to_str().unwrap());
        config.set(&format!("corpora.{name}.limit"), limit);
    }
    config.set("training.max_steps", 1);
    config.set("training.eval_frequency", 1);
    config
}

/// The loss of the first step.
fn loss(config: &Config) -> Result<f64, TrainingError> {
    let registry = registry();
    let config = config.fill(&registry).unwrap();
    let mut losses = Losses::default();
    train(&config, &registry, &default_device().unwrap(), None, &mut losses, &|| false)?;
    Ok(losses.0[0])
}

#[derive(Default)]
struct Losses(Vec<f64>);

impl EventSink for Losses {
    fn event(&mut self, event: &TrainingEvent) {
        if let TrainingEvent::Row(row) = event {
            self.0.push(row.losses["ner"]);
        }
    }
}

#[test]
fn states_follow_the_gold_annotation_if_the_config_says_so() {
    let _watch = WATCH.lock().unwrap();
    N_FREE.lock().unwrap().clear();
    let mut config = config();
    config.set("training.objective.@objectives", "acme.Watching.v1");
    loss(&config).unwrap();
    let of_own_actions = std::mem::take(&mut *N_FREE.lock().unwrap());
    config.set("training.use_gold_spans", true);
    loss(&config).unwrap();
    let of_gold = std::mem::take(&mut *N_FREE.lock().unwrap());
    // Where an entity that is open is wrong already, it may end here or later.
    assert!(of_own_actions.iter().any(|n_free| *n_free > 1), "a model that learned nothing leaves the gold");
    assert!(of_gold.iter().all(|n_free| *n_free == 1), "on the gold path one action is right");
    assert_eq!(of_gold.len(), of_own_actions.len(), "every action takes a token");
}

#[test]
fn states_begin_to_follow_the_models_own_actions() {
    let _watch = WATCH.lock().unwrap();
    let visited = |warmup: i64| {
        let mut config = config();
        config.set("training.objective.@objectives", "acme.Watching.v1");
        config.set("training.exploration_warmup", warmup);
        N_FREE.lock().unwrap().clear();
        loss(&config).unwrap();
        N_FREE.lock().unwrap().iter().filter(|n_free| **n_free > 1).count()
    };
    // Two steps, of which a long warm-up leaves the first to the gold, and the second but for a millionth.
    let (all, none) = (visited(0), visited(1_000_000));
    assert!(all > 0 && none == 0, "{all} {none}");
    let mut config = config();
    config.set("training.use_gold_spans", true);
    config.set("training.exploration_warmup", 5);
    let error = loss(&config).unwrap_err().to_string();
    assert!(error.contains("training.exploration_warmup: expected none beside use_gold_spans"), "{error}");
}

#[test]
fn the_target_of_a_state_can_be_smoothed() {
    let with_share = |share: f64| {
        let mut config = config();
        config.set("training.objective.@objectives", "ner.label_smoothing.v1");
        config.set("training.objective.share", share);
        loss(&config)
    };
    assert_eq!(with_share(0.0).unwrap(), loss(&config()).unwrap());
    assert!(with_share(0.3).unwrap() < with_share(0.0).unwrap());
    let error = with_share(1.0).unwrap_err().to_string();
    assert!(
        error.contains("training.objective.share: found 1, expected at least 0 and less than 1"),
        "{error}"
    );
}

#[test]
fn states_count_as_much_as_their_gold_label() {
    let with_weight = |weight: Option<f64>| {
        let mut config = config();
        if let Some(weight) = weight {
            config.set("training.label_weights.PERSON", weight);
        }
        loss(&config).unwrap()
    };
    let usual = with_weight(None);
    assert_eq!(with_weight(Some(1.0)), usual);
    let (doubled, trebled) = (with_weight(Some(2.0)), with_weight(Some(3.0)));
    assert!(doubled > usual * 1.01);
    assert!(((trebled - doubled) - (doubled - usual)).abs() < 1e-4 * usual, "{usual} {doubled} {trebled}");
}

#[test]
fn weights_that_mean_nothing_are_refused() {
    let message = |key: &str, value: f64, beam: bool| {
        let mut config = config();
        config.set(key, value);
        if beam {
            config.set("components.ner.factory", "beam_ner");
        }
        loss(&config).unwrap_err().to_string()
    };
    let found = message("training.label_weights.PERSN", 2.0, false);
    assert!(found.contains("training.label_weights.PERSN") && found.contains("PERSON"), "{found}");
    let found = message("training.label_weights.PERSON", 0.0, false);
    assert!(found.contains("expected a number above 0, found 0"), "{found}");
    let found = message("training.label_weights.PERSON", 2.0, true);
    assert!(found.contains("components.ner.beam_update_prob"), "{found}");
}

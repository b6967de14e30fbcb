//! The weights of scores that components bring with them, and those that a config gives.

use ner_config::{Builder, Document, Registry, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::functions::registry;
use crate::rows;

#[derive(Deserialize, JsonSchema)]
struct NoArguments {}

#[test]
fn weights_of_scores_combine_as_in_spacy() {
    for row in rows("scorer/score_weights.jsonl") {
        let components: Vec<Table> = serde_json::from_value(row["components"].clone()).unwrap();
        let overrides: Table = serde_json::from_value(row["overrides"].clone()).unwrap();
        let filled =
            document(components.len(), overrides).fill(&with_components(&row["components"])).unwrap();
        let found = filled.resolve().unwrap();
        let found = found.get("training.score_weights").and_then(|weights| weights.as_table());
        let expected: Table = serde_json::from_value(row["result"].clone()).unwrap();
        assert_eq!(found, Some(&expected), "{row}");
    }
}

/// A config with `n_components` components, called `c0`, `c1`, ..., and weights of its own.
fn document(n_components: usize, score_weights: Table) -> Document {
    let mut document = Document::default();
    let names: Vec<String> = (0..n_components).map(|index| format!("c{index}")).collect();
    for name in &names {
        document.set(&format!("components.{name}.factory"), name.as_str());
    }
    document.set("nlp.lang", "en");
    document.set("nlp.pipeline", names);
    document.set("training.score_weights", score_weights);
    document
}

/// The functions of the default config, and components that have `weights`.
fn with_components(weights: &Json) -> Registry {
    let mut registry = registry();
    for (index, weights) in weights.as_array().unwrap().iter().enumerate() {
        let weights = weights.as_object().unwrap().iter();
        let weights: Vec<(&str, Option<f64>)> =
            weights.map(|(name, weight)| (name.as_str(), weight.as_f64())).collect();
        registry.add_component(&format!("c{index}"), &weights, |_: NoArguments, _: &Builder<'_>| Ok(()));
    }
    registry
}

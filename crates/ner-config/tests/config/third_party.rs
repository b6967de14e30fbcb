//! A crate that this workspace does not know registers functions of every kind, with what is public here.

use ner_config::{Block, Builder, ConfigError, Document, Kind, NumberOrBlock, Registry, TrainingConfig};
use schemars::JsonSchema;
use serde::Deserialize;

/// What each function of this test builds: its own path, and what its arguments built.
#[derive(Debug, PartialEq)]
struct Built {
    path: String,
    parts: Vec<f64>,
}

/// A function with each way to take a part.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default = "two")]
    size: f64,
    #[serde(default)]
    rate: Option<NumberOrBlock>,
    #[serde(default)]
    part: Option<Block>,
}

fn two() -> f64 {
    2.0
}

fn build(kind: Kind, config: Config, builder: &Builder<'_>) -> Result<Built, ConfigError> {
    if config.size < 0.0 {
        return Err(builder.invalid("size", "expected a size of at least 0"));
    }
    if config.size.is_infinite() {
        return Err(builder.failed(std::io::Error::other("nothing is so large")));
    }
    let mut parts = vec![config.size];
    if let Some(rate) = &config.rate {
        let rate = builder
            .build_or(Kind::Schedules, rate, |number| Built { path: String::new(), parts: vec![number] })?;
        parts.extend(rate.parts);
    }
    if let Some(part) = &config.part {
        parts.extend(builder.build::<Built>(kind, part)?.parts);
    }
    Ok(Built { path: builder.path().to_owned(), parts })
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    for kind in Kind::ALL {
        registry.add(kind, "acme.Thing.v1", move |config: Config, builder: &Builder<'_>| {
            build(kind, config, builder)
        });
    }
    registry
}

fn thing(kind: Kind) -> Block {
    Block::function(kind, "acme.Thing.v1")
}

#[test]
fn a_function_of_each_kind_builds_its_parts() {
    for kind in Kind::ALL {
        let block = thing(kind).with("part", thing(kind).with("size", 3.0).table().clone());
        let block = block.with("rate", thing(Kind::Schedules).with("size", 5.0).table().clone());
        let built: Built = registry().build(kind, &Block::new("here", block.table().clone())).unwrap();
        assert_eq!(built, Built { path: "here".to_owned(), parts: vec![2.0, 5.0, 3.0] }, "{kind}");
    }
}

#[test]
fn their_errors_name_the_place() {
    let message = |size: f64| {
        let part = thing(Kind::Misc).with("size", size);
        let block = thing(Kind::Misc).with("part", part.table().clone());
        let block = Block::new("here", block.table().clone());
        registry().build::<Built>(Kind::Misc, &block).unwrap_err().to_string()
    };
    assert_eq!(message(-1.0), "here.part.size: expected a size of at least 0");
    assert_eq!(message(f64::INFINITY), "here.part: nothing is so large");
}

/// A config whose every function is of this test.
const CONFIG: &str = "[nlp]\nlang = en\npipeline = []\n\
    [nlp.tokenizer]\n@tokenizers = acme.Thing.v1\n[nlp.vectors]\n@vectors = acme.Thing.v1\n\
    [corpora]\n[corpora.train]\n@readers = acme.Thing.v1\n[corpora.dev]\n@readers = acme.Thing.v1\n\
    [training]\n[training.logger]\n@loggers = acme.Thing.v1\n[training.batcher]\n@batchers = acme.Thing.v1\n\
    [training.optimizer]\n@optimizers = acme.Thing.v1\n";

#[test]
fn an_objective_is_filled_where_a_config_names_one_and_nowhere_else() {
    let filled = |text: &str| Document::from_cfg_str(text).unwrap().fill(&registry()).unwrap();
    let without = filled(CONFIG);
    assert_eq!(without.get("training.objective"), None);
    let with = filled(&format!("{CONFIG}[training.objective]\n@objectives = acme.Thing.v1\n"));
    let of =
        |document: &Document| -> TrainingConfig { document.resolve().unwrap().section("training").unwrap() };
    assert_eq!(of(&without).objective, None);
    assert_eq!(of(&with).objective.unwrap().table().get("size"), Some(&2.0.into()));
}

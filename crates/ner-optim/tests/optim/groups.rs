//! Optimisers for a part of the model.

use ner_config::{Block, ConfigError, Kind, Registry, ResolvedConfig, Table};
use ner_optim::{Gradient, OptimError, Optimizer, ParameterKey, ParameterUpdate};

const ENCODER: ParameterKey = ParameterKey(1);
const PARSER: ParameterKey = ParameterKey(2);

#[test]
fn each_component_learns_at_its_own_rate() {
    let mut optimizer = grouped(&[("encoder", sgd(0.25))]).unwrap();
    assert_eq!(optimizer.learn_rate(), 1.0);
    let (mut encoder, mut parser) = ([8.0], [8.0]);
    let updates =
        vec![update(PARSER, "ner", &mut parser, &[4.0]), update(ENCODER, "encoder", &mut encoder, &[4.0])];
    optimizer.update_all(updates).unwrap();
    assert_eq!((encoder, parser), ([7.0], [4.0]));
}

#[test]
fn an_average_is_that_of_the_parameters_own_optimizer() {
    let adam = function("Adam.v1").with("use_averages", true);
    let mut optimizer = grouped(&[("encoder", adam)]).unwrap();
    assert!(optimizer.keeps_averages());
    let (mut encoder, mut parser) = ([8.0], [8.0]);
    let updates =
        vec![update(PARSER, "ner", &mut parser, &[4.0]), update(ENCODER, "encoder", &mut encoder, &[4.0])];
    optimizer.update_all(updates).unwrap();
    let averages = optimizer.averages(ENCODER).unwrap().to_vec();
    assert_eq!(optimizer.averages(PARSER), None);
    assert_eq!(optimizer.swap_averages(ENCODER, &mut encoder), Ok(true));
    assert_eq!(optimizer.swap_averages(PARSER, &mut parser), Ok(false));
    assert_eq!((&encoder[..], parser), (&averages[..], [4.0]));
}

#[test]
fn no_group_moves_if_one_cannot() {
    let mut optimizer = grouped(&[("encoder", sgd(0.25))]).unwrap();
    let (mut encoder, mut parser) = ([8.0], [8.0]);
    let updates = vec![
        update(PARSER, "ner", &mut parser, &[4.0]),
        update(ENCODER, "encoder", &mut encoder, &[4.0, 4.0]),
    ];
    let what = "gradient values";
    let expected = OptimError::LengthMismatch { key: ENCODER.0, what, found: 2, expected: 1 };
    assert_eq!(optimizer.update_all(updates), Err(expected));
    assert_eq!(parser, [8.0]);
}

#[test]
fn groups_are_names_of_components() {
    let optimizer = grouped(&[("encoder", sgd(0.25))]).unwrap();
    assert_eq!(optimizer.check_groups(&["encoder", "ner"]), Ok(()));
    let error = optimizer.check_groups(&["tok2vec", "ner"]).unwrap_err();
    let message =
        "the optimiser has a group \"encoder\", but no component has that name (there are tok2vec, ner)";
    assert_eq!(error.to_string(), message);
}

#[test]
fn an_error_names_the_group() {
    let wrong = Block::function(Kind::Optimizers, "SGD.v1");
    let error = grouped(&[("encoder", wrong)]).unwrap_err().to_string();
    assert!(error.starts_with("training.optimizer.groups.encoder"), "{error}");
}

#[test]
fn the_readme_shows_a_config_with_a_group() {
    let (_, text) = include_str!("../../README.md").split_once("```ini\n").unwrap();
    let (text, _) = text.split_once("```").unwrap();
    let block = ResolvedConfig::from_cfg_str(&format!("[training]\n{text}"))
        .unwrap()
        .block("training.optimizer")
        .unwrap();
    let optimizer: Box<dyn Optimizer> = registry().build(Kind::Optimizers, &block).unwrap();
    assert_eq!(optimizer.learn_rate(), 0.001);
    assert_eq!(optimizer.check_groups(&["encoder", "ner"]), Ok(()));
}

fn update<'a>(
    key: ParameterKey,
    group: &'a str,
    weights: &'a mut [f32],
    gradient: &[f32],
) -> ParameterUpdate<'a> {
    ParameterUpdate::new(key, group, weights, Some(Gradient::All(gradient.to_vec())))
}

/// Gradient descent at rate 1, but for some groups.
fn grouped(groups: &[(&str, Block)]) -> Result<Box<dyn Optimizer>, ConfigError> {
    let groups: Table =
        groups.iter().map(|(name, block)| ((*name).to_owned(), block.table().clone().into())).collect();
    let block = Block::function(Kind::Optimizers, "ner.grouped.v1");
    let block = block.with("default", sgd(1.0).table().clone()).with("groups", groups);
    registry().build(Kind::Optimizers, &Block::new("training.optimizer", block.table().clone()))
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    registry
}

fn sgd(learn_rate: f64) -> Block {
    function("SGD.v1").with("learn_rate", learn_rate)
}

/// An optimiser without averages and without a limit on gradients.
fn function(name: &str) -> Block {
    Block::function(Kind::Optimizers, name).with("grad_clip", 0.0).with("use_averages", false)
}

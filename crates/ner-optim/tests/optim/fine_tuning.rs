//! Steps by what a parameter is in a pretrained encoder.

use ner_config::{Block, ConfigError, Kind, Registry, ResolvedConfig};
use ner_optim::{Gradient, Optimizer, ParameterKey, ParameterRole, ParameterUpdate, RowGradient};

const HEAD: ParameterRole = ParameterRole { layers_above: None, is_bias_or_norm: false };

#[test]
fn a_layers_rate_is_the_factors_product_with_the_decay_once_for_each_layer_above() {
    let block = fine_tuning(sgd(1.0)).with("encoder_factor", 0.5).with("layer_decay", 0.5);
    let mut optimizer = build(&block).unwrap();
    assert_eq!(optimizer.learn_rate(), 1.0);
    let roles = [None, Some(0), Some(1), Some(3)];
    let weights = roles.map(|layers_above| step(&mut *optimizer, ParameterRole { layers_above, ..HEAD }));
    // 8 - rate * 4, with the rates 1, 1/2, 1/4, 1/16.
    assert_eq!(weights, [4.0, 6.0, 7.0, 7.75]);
}

#[test]
fn weight_decay_shrinks_by_the_layers_rate_and_may_leave_out_biases_and_norms() {
    let inner = || sgd(0.5).with("L2", 0.25);
    for (decays, norm) in [(true, 7.0 - 0.25 * 0.25 * 7.0), (false, 7.0)] {
        let block = fine_tuning(inner()).with("layer_decay", 0.5).with("decay_biases_and_norms", decays);
        let mut optimizer = build(&block).unwrap();
        let role = ParameterRole { layers_above: Some(1), is_bias_or_norm: true };
        assert_eq!(step(&mut *optimizer, role), norm);
        let role = ParameterRole { is_bias_or_norm: false, ..role };
        assert_eq!(step(&mut *optimizer, role), 7.0 - 0.25 * 0.25 * 7.0);
    }
}

#[test]
fn a_penalty_may_leave_them_out_too() {
    let inner = sgd(1.0).with("L2", 0.25).with("L2_is_weight_decay", false);
    let mut optimizer = build(&fine_tuning(inner).with("decay_biases_and_norms", false)).unwrap();
    assert_eq!(step(&mut *optimizer, HEAD), 8.0 - (4.0 + 0.25 * 8.0));
    assert_eq!(step(&mut *optimizer, ParameterRole { is_bias_or_norm: true, ..HEAD }), 4.0);
}

#[test]
fn adams_steps_scale_with_the_rate() {
    let adam = function("Adam.v1").with("learn_rate", 0.5).with("eps", 0.0);
    let mut optimizer = build(&fine_tuning(adam).with("encoder_factor", 0.25)).unwrap();
    // Adam's first step is as long as its rate.
    assert!((step(&mut *optimizer, HEAD) - 7.5).abs() < 1e-5);
    let role = ParameterRole { layers_above: Some(0), ..HEAD };
    assert!((step(&mut *optimizer, role) - 7.875).abs() < 1e-5);
}

#[test]
fn deferred_steps_of_a_table_have_its_rate() {
    let block =
        fine_tuning(function("Adam.v1").with("L2", 0.5).with("learn_rate", 0.5)).with("layer_decay", 0.5);
    let role = ParameterRole { layers_above: Some(2), is_bias_or_norm: false };
    let gradients = [[4.0, 0.0], [0.0, -3.0], [1.0, 0.0]];
    let (mut by_rows, mut by_all) = (build(&block).unwrap(), build(&block).unwrap());
    let (mut rows, mut all) = ([8.0, 9.0], [8.0, 9.0]);
    for gradient in gradients {
        let row = u32::from(gradient[0] == 0.0);
        by_rows.apply_deferred(KEY, &mut rows, &[row]).unwrap();
        let values = vec![gradient[row as usize]];
        let of_rows = Gradient::Rows(RowGradient { shape: [2, 1], rows: vec![row], values });
        by_rows.update_all(vec![update(role, &mut rows, of_rows)]).unwrap();
        by_all.update_all(vec![update(role, &mut all, Gradient::All(gradient.to_vec()))]).unwrap();
    }
    by_rows.apply_all_deferred(KEY, &mut rows).unwrap();
    assert_eq!(rows, all);
}

#[test]
fn without_arguments_all_is_as_without_it() {
    let adam = function("Adam.v1").with("L2", 0.01).with("learn_rate", 0.001);
    let role = ParameterRole { layers_above: Some(4), is_bias_or_norm: true };
    let (mut plain, mut wrapped) = (build(&adam).unwrap(), build(&fine_tuning(adam)).unwrap());
    assert_eq!(step(&mut *plain, role).to_bits(), step(&mut *wrapped, role).to_bits());
}

#[test]
fn wrong_arguments_are_errors_of_the_config() {
    for (key, value) in [("layer_decay", 0.0), ("layer_decay", 1.5), ("encoder_factor", -1.0)] {
        let error = build(&fine_tuning(sgd(1.0)).with(key, value)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("training.optimizer.{key}: expected a factor")), "{error}");
    }
}

#[test]
fn the_readme_shows_a_config_with_an_encoder() {
    let text = include_str!("../../README.md").split("```ini\n").nth(2).unwrap();
    let (text, _) = text.split_once("```").unwrap();
    let config = ResolvedConfig::from_cfg_str(&format!("[training]\n{text}")).unwrap();
    let mut optimizer = build(&config.block("training.optimizer").unwrap()).unwrap();
    assert_eq!(optimizer.learn_rate(), 0.001);
    let moved = 8.0 - step(&mut *optimizer, ParameterRole { layers_above: Some(1), is_bias_or_norm: true });
    assert!((moved - 0.001 * 0.05 * 0.9).abs() < 1e-6, "{moved}");
}

const KEY: ParameterKey = ParameterKey(1);

fn update<'a>(role: ParameterRole, weights: &'a mut [f32], gradient: Gradient) -> ParameterUpdate<'a> {
    ParameterUpdate { role, ..ParameterUpdate::new(KEY, "transformer", weights, Some(gradient)) }
}

/// A weight of 8 after a first step against a gradient of 4.
fn step(optimizer: &mut dyn Optimizer, role: ParameterRole) -> f32 {
    let key = ParameterKey(
        10 + role.layers_above.map_or(0, |layers| 1 + layers as u64) + 100 * u64::from(role.is_bias_or_norm),
    );
    let mut weights = [8.0];
    let update = update(role, &mut weights, Gradient::All(vec![4.0]));
    optimizer.update_all(vec![ParameterUpdate { key, ..update }]).expect("the weights fit");
    weights[0]
}

fn fine_tuning(inner: Block) -> Block {
    Block::function(Kind::Optimizers, "ner.fine_tuning.v1").with("optimizer", inner.table().clone())
}

fn build(block: &Block) -> Result<Box<dyn Optimizer>, ConfigError> {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    registry.build(Kind::Optimizers, &Block::new("training.optimizer", block.table().clone()))
}

fn sgd(learn_rate: f64) -> Block {
    function("SGD.v1").with("learn_rate", learn_rate)
}

/// An optimiser without averages and without a limit on gradients.
fn function(name: &str) -> Block {
    Block::function(Kind::Optimizers, name).with("grad_clip", 0.0).with("use_averages", false)
}

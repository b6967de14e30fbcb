//! Defaults, wrong settings, and calls that go wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ner_config::{Block, Builder, ConfigError, Kind, Registry};
use ner_optim::{Gradient, OptimError, Optimizer, ParameterKey, ParameterUpdate, RowGradient, Schedule};
use schemars::JsonSchema;
use serde::Deserialize;

const KEY: ParameterKey = ParameterKey(7);

#[test]
fn arguments_and_defaults_are_those_of_thinc() {
    check(
        "Adam.v1",
        "learn_rate=0.001 L2=0.0 beta1=0.9 beta2=0.999 eps=1e-8 grad_clip=1.0 L2_is_weight_decay=true use_averages=true",
    );
    check(
        "RAdam.v1",
        "learn_rate=0.001 beta1=0.9 beta2=0.999 eps=1e-8 L2=0.0 L2_is_weight_decay=true grad_clip=1.0 use_averages=true",
    );
    check("SGD.v1", "learn_rate L2=0.0 grad_clip=1.0 L2_is_weight_decay=true use_averages=true");
}

#[track_caller]
fn check(name: &str, expected: &str) {
    let registry = registry();
    let arguments = registry.get(Kind::Optimizers, name).unwrap().arguments().iter();
    let arguments = arguments.map(|argument| match &argument.default {
        Some(default) => format!("{}={}", argument.name, serde_json::to_string(default).unwrap()),
        None => argument.name.clone(),
    });
    assert_eq!(arguments.collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn the_last_value_of_a_schedule_that_ends_stays() {
    let mut optimizer = optimizer(sgd("learn_rate", three_values())).unwrap();
    let rates: Vec<f64> = (0..5)
        .map(|_| {
            let rate = optimizer.learn_rate();
            optimizer.step_schedules();
            rate
        })
        .collect();
    assert_eq!(rates, [3.0, 2.0, 1.0, 1.0, 1.0]);
}

#[test]
fn schedules_without_values_are_errors() {
    let error = optimizer(sgd("learn_rate", function(Kind::Schedules, "test.none.v1"))).unwrap_err();
    assert_eq!(error.to_string(), "optimizer: learn_rate: the schedule has no values, expected at least one");
}

#[test]
fn triangles_without_sides_are_errors() {
    let slanted =
        function(Kind::Schedules, "slanted_triangular.v1").with("max_rate", 1.0).with("num_steps", 5);
    let error = optimizer(sgd("learn_rate", slanted)).unwrap_err();
    let message =
        "optimizer.learn_rate.cut_frac: 0 of 5 `num_steps` are rise, expected at least 1 of rise and of fall";
    assert_eq!(error.to_string(), message);
    let cyclic = function(Kind::Schedules, "cyclic_triangular.v1");
    let cyclic = cyclic.with("min_lr", 0.0).with("max_lr", 1.0).with("period", 0);
    let error = optimizer(sgd("learn_rate", cyclic)).unwrap_err();
    assert_eq!(error.to_string(), "optimizer.learn_rate.period: found 0, expected at least 1 step");
}

#[test]
fn a_cosine_rises_for_its_warm_up_and_ends_at_zero() {
    let cosine = |warmup: i64, total: i64| {
        function(Kind::Schedules, "ner.warmup_cosine.v1")
            .with("initial_rate", 2.0)
            .with("warmup_steps", warmup)
            .with("total_steps", total)
    };
    let mut optimizer_of_run = optimizer(sgd("learn_rate", cosine(2, 6))).unwrap();
    let rates = [1.0, 2.0, 2.0, 1.0 + 0.5_f64.sqrt(), 1.0, 1.0 - 0.5_f64.sqrt(), 0.0, 0.0];
    for expected in rates {
        let rate = optimizer_of_run.learn_rate();
        assert!((rate - expected).abs() < 1e-12, "{rate} {expected}");
        optimizer_of_run.step_schedules();
    }
    let error = optimizer(sgd("learn_rate", cosine(2, 2))).unwrap_err();
    let message = "optimizer.learn_rate.total_steps: found 2, expected more than the 2 of warmup_steps, or 0 for as many as \
                   the run takes";
    assert_eq!(error.to_string(), message);
    // Without a number of its own it takes that of the run, also within other optimisers; a short run warms up for a half.
    for (n_steps, like) in [(6, cosine(2, 6)), (2, cosine(1, 2))] {
        let grouped = function(Kind::Optimizers, "ner.grouped.v1");
        let groups = ner_config::Table::new();
        let grouped =
            grouped.with("default", sgd("learn_rate", cosine(2, 0)).table().clone()).with("groups", groups);
        let mut told = optimizer(grouped).unwrap();
        told.plan(Some(n_steps)).unwrap();
        let mut expected = optimizer(sgd("learn_rate", like)).unwrap();
        for _ in 0..9 {
            assert_eq!(told.learn_rate(), expected.learn_rate());
            told.step_schedules();
            expected.step_schedules();
        }
    }
    let mut untold = optimizer(sgd("learn_rate", cosine(2, 0))).unwrap();
    assert_eq!(untold.plan(None), Err(OptimError::NoEnd));
}

#[test]
fn averages_decay_from_the_first_step_on() {
    let block = |decay: f64| function(Kind::Optimizers, "ner.Adam.v1").with("average_decay", decay);
    let mut optimizer_of_run = optimizer(block(0.5).with("learn_rate", 1.0)).unwrap();
    // Of the first step the average is all, of the second two thirds: 1 / (1 - 0.5^2) of one half.
    let mut weights = [0.0];
    update(&mut *optimizer_of_run, &mut weights, &[1.0]).unwrap();
    let first = weights[0];
    assert_eq!(optimizer_of_run.averages(KEY), Some(&weights[..]));
    update(&mut *optimizer_of_run, &mut weights, &[1.0]).unwrap();
    let average = optimizer_of_run.averages(KEY).unwrap()[0];
    assert!((average - (first + 2.0 * weights[0]) / 3.0).abs() < 1e-6, "{average}");
    for wrong in [-0.1, 1.0, f64::NAN] {
        let error = optimizer(block(wrong)).unwrap_err().to_string();
        let message = format!("optimizer.average_decay: found {wrong}, expected at least 0 and less than 1");
        assert!(error.starts_with(&message), "{error}");
    }
}

#[test]
fn lengths_must_match() {
    let mut optimizer = optimizer(sgd_at_rate(0.1)).unwrap();
    let error = update(&mut *optimizer, &mut [1.0, 2.0], &[1.0]).unwrap_err();
    assert_eq!(error.to_string(), "parameter 7: 1 gradient values, expected 2");
    update(&mut *optimizer, &mut [1.0, 2.0], &[1.0, 1.0]).unwrap();
    let error = update(&mut *optimizer, &mut [1.0], &[1.0]).unwrap_err();
    let what = "weights in earlier steps";
    assert_eq!(error, OptimError::LengthMismatch { key: 7, what, found: 2, expected: 1 });
}

#[test]
fn averages_are_exchanged_and_exchanged_back() {
    let mut optimizer = optimizer(sgd_at_rate(0.5)).unwrap();
    let mut weights = [11.0];
    update(&mut *optimizer, &mut weights, &[0.0]).unwrap();
    assert_eq!(optimizer.swap_averages(ParameterKey(8), &mut [1.0]), Ok(false));
    assert_eq!(optimizer.swap_averages(KEY, &mut weights), Ok(true));
    assert_eq!(weights, [9.0]);
    assert_eq!(optimizer.swap_averages(KEY, &mut weights), Ok(true));
    assert_eq!((weights, optimizer.averages(KEY)), ([11.0], Some(&[9.0][..])));
}

#[test]
fn parameters_that_never_had_a_gradient_do_not_decay() {
    let mut optimizer = optimizer(sgd_at_rate(0.5).with("L2", 1.0)).unwrap();
    let mut weights = [8.0];
    let mut step = |gradient: Option<&[f32]>, weights: &mut [f32]| {
        let gradient = gradient.map(|values| Gradient::All(values.to_vec()));
        optimizer.update_all(vec![ParameterUpdate::new(KEY, "", weights, gradient)]).unwrap();
        weights[0]
    };
    assert_eq!(step(None, &mut weights), 8.0);
    assert_eq!(step(Some(&[0.0]), &mut weights), 4.0);
    assert_eq!(step(None, &mut weights), 2.0);
}

#[test]
fn a_gradient_of_rows_moves_weights_as_the_same_gradient_of_all() {
    for name in ["Adam.v1", "RAdam.v1"] {
        let block = function(Kind::Optimizers, name);
        for block in [block.clone().with("L2_is_weight_decay", false), block.with("L2", 0.1)] {
            let (mut by_all, mut by_rows) = (optimizer(block.clone()).unwrap(), optimizer(block).unwrap());
            let (width, n_rows) = (5000, 9);
            let mut weights: Vec<f32> = (0..width * n_rows).map(|index| (index % 7) as f32 - 3.0).collect();
            let mut other_weights = weights.clone();
            for step in 0..9 {
                let rows = [step % 3, 3, 4 + step % 5];
                let values: Vec<f32> = (0..3 * width).map(|index| (index % 5) as f32 - 2.0).collect();
                let gradient = RowGradient { shape: [n_rows, width], rows: rows.to_vec(), values };
                update(&mut *by_all, &mut weights, &gradient.to_dense()).unwrap();
                update_rows(&mut *by_rows, &mut other_weights, gradient).unwrap();
                let asked = [step % 4, 8];
                by_rows.apply_deferred(KEY, &mut other_weights, &asked).unwrap();
                for row in asked.into_iter().chain(rows) {
                    let row = row as usize * width..(row as usize + 1) * width;
                    assert_eq!(weights[row.clone()], other_weights[row], "step {step}");
                }
            }
            for (wrong, row) in [(&[1, 1][..], 1), (&[0, 9], 9), (&[3, 2], 2)] {
                let error = by_rows.apply_deferred(KEY, &mut other_weights, wrong).unwrap_err();
                assert_eq!(error, OptimError::RowOutOfPlace { key: KEY.0, row, n_rows });
            }
            by_rows.apply_all_deferred(KEY, &mut other_weights).unwrap();
            assert_eq!(weights, other_weights);
            assert_eq!(by_all.averages(KEY), by_rows.averages(KEY));
            // Whoever is given rows once can be given all.
            let all = || vec![0.5; width * n_rows];
            update(&mut *by_all, &mut weights, &all()).unwrap();
            update(&mut *by_rows, &mut other_weights, &all()).unwrap();
            assert_eq!(weights, other_weights);
            let narrow = [width * n_rows / 2, 2];
            let gradient = RowGradient { shape: narrow, rows: vec![0], values: vec![1.0; 2] };
            let error = update_rows(&mut *by_rows, &mut other_weights, gradient).unwrap_err();
            let what = "values in a row of its gradient";
            assert_eq!(error, OptimError::LengthMismatch { key: 7, what, found: 2, expected: width });
        }
    }
}

/// One step of one parameter.
fn update(optimizer: &mut dyn Optimizer, weights: &mut [f32], gradient: &[f32]) -> Result<(), OptimError> {
    let gradient = Some(Gradient::All(gradient.to_vec()));
    optimizer.update_all(vec![ParameterUpdate::new(KEY, "", weights, gradient)])
}

/// One step of one table.
fn update_rows(
    optimizer: &mut dyn Optimizer,
    weights: &mut [f32],
    gradient: RowGradient,
) -> Result<(), OptimError> {
    let gradient = Some(Gradient::Rows(gradient));
    optimizer.update_all(vec![ParameterUpdate::new(KEY, "", weights, gradient)])
}

/// The arguments of the schedules below.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoArguments {}

fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    let three = |_: NoArguments, _: &Builder| Ok(Schedule::new([3.0, 2.0, 1.0]));
    registry.add(Kind::Schedules, "test.three.v1", three);
    registry.add(Kind::Schedules, "test.none.v1", |_: NoArguments, _: &Builder| Ok(Schedule::new([])));
    registry
}

fn optimizer(block: Block) -> Result<Box<dyn Optimizer>, ConfigError> {
    registry().build(Kind::Optimizers, &block)
}

fn sgd_at_rate(learn_rate: f64) -> Block {
    function(Kind::Optimizers, "SGD.v1").with("learn_rate", learn_rate)
}

fn sgd(setting: &str, schedule: Block) -> Block {
    function(Kind::Optimizers, "SGD.v1").with(setting, schedule.table().clone())
}

fn three_values() -> Block {
    function(Kind::Schedules, "test.three.v1")
}

fn function(kind: Kind, name: &str) -> Block {
    Block::new("optimizer", Block::function(kind, name).table().clone())
}

//! An optimiser from outside of the crate, with nothing but what the trait asks for.

use std::collections::BTreeMap;

use ner_config::{Block, Builder, ConfigError, Kind, Registry};
use ner_optim::{
    Gradient, OptimError, Optimizer, ParameterKey, ParameterUpdate, RowGradient, SavedOptimizer,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Steps of one length in the direction of the gradient's signs (Bernstein et al., 2018).
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignConfig {
    /// The length of a step.
    learn_rate: f64,
}

#[derive(Debug)]
struct Sign {
    learn_rate: f64,
}

impl Optimizer for Sign {
    fn save(&self, _: &[ParameterKey]) -> SavedOptimizer {
        SavedOptimizer {
            optimizer: "test.sign".to_owned(),
            version: 1,
            values: serde_json::Value::Null,
            arrays: BTreeMap::new(),
        }
    }

    fn restore(&mut self, _: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError> {
        saved.check_kind("test.sign", 1)
    }

    fn learn_rate(&self) -> f64 {
        self.learn_rate
    }

    fn step_schedules(&mut self) {}

    fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        self.check(&updates)?;
        for ParameterUpdate { weights, gradient, .. } in updates {
            let gradient = gradient.map(Gradient::into_dense).unwrap_or_default();
            for (weight, slope) in weights.iter_mut().zip(gradient).filter(|(_, slope)| *slope != 0.0) {
                *weight -= self.learn_rate as f32 * slope.signum();
            }
        }
        Ok(())
    }
}

fn sign(config: SignConfig, _: &Builder) -> Result<Box<dyn Optimizer>, ConfigError> {
    Ok(Box::new(Sign { learn_rate: config.learn_rate }))
}

fn update(key: u64, weights: &mut [f32], gradient: Gradient) -> ParameterUpdate<'_> {
    ParameterUpdate::new(ParameterKey(key), "ner", weights, Some(gradient))
}

#[test]
fn anybody_registers_an_optimizer() {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    registry.add(Kind::Optimizers, "test.sign.v1", sign);
    let block = Block::function(Kind::Optimizers, "test.sign.v1").with("learn_rate", 0.5);
    let mut optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &block).unwrap();

    let (mut bias, mut table) = ([1.0, 2.0], [0.0; 6]);
    let rows = |rows| Gradient::Rows(RowGradient { shape: [3, 2], rows, values: vec![3.0, -3.0] });
    let updates =
        vec![update(0, &mut bias, Gradient::All(vec![9.0, 0.0])), update(1, &mut table, rows(vec![1]))];
    optimizer.update_all(updates).unwrap();
    assert_eq!((bias, table), ([0.5, 2.0], [0.0, 0.0, -0.5, 0.5, 0.0, 0.0]));

    let error = optimizer.update_all(vec![update(1, &mut table, rows(vec![3]))]).unwrap_err();
    assert_eq!(error, OptimError::RowOutOfPlace { key: 1, row: 3, n_rows: 3 });
    assert!(!optimizer.keeps_averages());
    assert_eq!(optimizer.swap_averages(ParameterKey(0), &mut bias), Ok(false));
}

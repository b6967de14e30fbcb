//! Thinc's optimisers and schedules.
//!
//! They work on slices of f32, and know nothing of layers or devices: the owner of the weights hands them over for a
//! step. Anybody may register an [`Optimizer`] of their own.
//!
//! ```
//! use ner_config::{Block, Kind, Registry};
//! use ner_optim::{Gradient, Optimizer, ParameterKey, ParameterUpdate};
//!
//! let mut registry = Registry::new();
//! ner_optim::register(&mut registry);
//! let block = Block::function(Kind::Optimizers, "SGD.v1").with("learn_rate", 0.1).with("grad_clip", 0.0);
//! let mut optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &block)?;
//!
//! let mut weights = [1.0, 2.0];
//! optimizer.update_all(vec![ParameterUpdate {
//!     key: ParameterKey(0),
//!     group: "ner",
//!     weights: &mut weights,
//!     gradient: Some(Gradient::All(vec![5.0, -5.0])),
//! }])?;
//! optimizer.step_schedules();
//! assert_eq!(weights, [0.5, 2.5]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod gradient;
mod optimizer;
mod row_gradient;
mod saved_optimizer;

mod adam;
mod grouped;

mod schedule;
mod schedules;

mod error;
mod registrations;

pub use adam::{AdamConfig, RAdamConfig, SgdConfig};
pub use error::OptimError;
pub use gradient::Gradient;
pub use grouped::GroupedConfig;
pub use optimizer::{Optimizer, ParameterKey, ParameterUpdate};
pub use registrations::register;
pub use row_gradient::RowGradient;
pub use saved_optimizer::SavedOptimizer;
pub use schedule::Schedule;
pub use schedules::{
    CompoundingConfig, ConstantConfig, ConstantThenConfig, CyclicTriangularConfig, DecayingConfig,
    SlantedTriangularConfig, WarmupLinearConfig,
};

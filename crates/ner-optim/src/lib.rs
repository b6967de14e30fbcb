#![doc = include_str!("../README.md")]

mod gradient;
mod optimizer;
mod role;
mod row_gradient;
mod saved_optimizer;

mod adam;
mod fine_tuning;
mod grouped;

mod schedule;
mod schedules;

mod error;
mod registrations;

pub use adam::{AdamConfig, DecayingAveragesConfig, RAdamConfig, SgdConfig};
pub use error::OptimError;
pub use fine_tuning::FineTuningConfig;
pub use gradient::Gradient;
pub use grouped::GroupedConfig;
pub use optimizer::{Optimizer, ParameterKey, ParameterUpdate};
pub use registrations::register;
pub use role::{ParameterRole, StepScale};
pub use row_gradient::RowGradient;
pub use saved_optimizer::SavedOptimizer;
pub use schedule::Schedule;
pub use schedules::{
    CompoundingConfig, ConstantConfig, ConstantThenConfig, CyclicTriangularConfig, DecayingConfig,
    SlantedTriangularConfig, WarmupCosineConfig, WarmupLinearConfig,
};

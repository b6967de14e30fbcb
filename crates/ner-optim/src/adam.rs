//! Adam, RAdam and plain gradient descent: one optimiser with three ways to make a step.

mod averaging;
mod config;
mod decaying_averages;
mod radam;
mod settings;
mod sgd;

mod clipping;
mod deferred_steps;
mod memory;
mod pending_update;

mod optimizer;
mod state;

mod arithmetic;
mod block;
mod step;

pub use self::config::AdamConfig;
pub use self::decaying_averages::DecayingAveragesConfig;
pub use self::radam::RAdamConfig;
pub use self::sgd::SgdConfig;

pub(crate) use self::config::adam;
pub(crate) use self::decaying_averages::decaying_averages;
pub(crate) use self::radam::radam;
pub(crate) use self::sgd::sgd;

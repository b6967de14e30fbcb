//! Groups of parameters with optimisers of their own: a pretrained encoder that learns at 2e-5, say, below layers that
//! learn at 1e-3.

mod config;
mod member;
mod optimizer;
mod state;

pub use self::config::GroupedConfig;

pub(crate) use self::config::grouped;

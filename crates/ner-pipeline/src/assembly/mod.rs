//! From a config to a pipeline, with what it takes from other pipelines.

pub(crate) mod assemble;
pub(crate) mod base_model;
pub(crate) mod load_options;
pub(crate) mod sourced;

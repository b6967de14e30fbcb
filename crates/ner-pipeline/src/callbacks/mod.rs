//! Functions that a config has called at fixed points, as spaCy's `@callbacks`.

mod callback;
mod copy_from_base_model;
mod creation;
mod gradual_unfreezing;
mod nvtx;
mod placed;

pub(crate) use callback::CopyFromBaseModel;
pub use callback::{BeforeUpdate, Callback};
pub(crate) use copy_from_base_model::copy_from_base_model;
pub(crate) use creation::CreationCallbacks;
pub(crate) use gradual_unfreezing::gradual_unfreezing;
pub(crate) use nvtx::{models_and_pipes_with_nvtx_range, models_with_nvtx_range};
pub use placed::{PipelineCallback, UpdateCallback};

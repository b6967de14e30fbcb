//! Arguments that several commands share.

pub(crate) mod beam;
pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod encoders;
pub(crate) mod model;

//! F by the number of documents that are learned from, and what more of them would bring.

mod curve;
mod power_law;

pub use curve::{CurvePoint, TrainCurve, train_curve};
pub use power_law::Extrapolation;

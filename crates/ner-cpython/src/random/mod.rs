//! The generators of CPython's module `random` and of NumPy's legacy `RandomState`.

mod mersenne_twister;
mod numpy;
mod python;
mod shared;

pub use numpy::NumpyRandom;
pub use python::PythonRandom;
pub use shared::SharedRandom;

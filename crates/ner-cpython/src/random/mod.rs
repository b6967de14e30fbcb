//! The generators of CPython's module `random` and of NumPy's legacy `RandomState`.

mod mersenne_twister;
mod numpy;
mod python;

pub use numpy::NumpyRandom;
pub use python::PythonRandom;

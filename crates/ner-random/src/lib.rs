//! The random generators of Python and NumPy, so that a seed means what it means in spaCy.
//!
//! Both are the Mersenne Twister, seeded and read in two ways. Nothing here is fit for secrets, and nothing draws
//! from the operating system: the same seed gives the same numbers on every machine.
//!
//! ```
//! use ner_random::{NumpyRandom, PythonRandom};
//!
//! let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
//! PythonRandom::new(0).shuffle(&mut order);
//! assert_eq!(order, [4, 1, 5, 2, 0, 3, 7, 6]);
//!
//! let mut mask = [0.0; 4];
//! NumpyRandom::new(0).dropout_mask(0.6, &mut mask);
//! assert_eq!(mask, [0.0, 2.5, 2.5, 0.0]);
//! ```

mod mersenne_twister;
mod numpy;
mod python;

pub use numpy::NumpyRandom;
pub use python::PythonRandom;

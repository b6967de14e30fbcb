//! The parts of Python that spaCy's results depend on, to the bit: random numbers, classes of characters, hashes.
//!
//! The random generators are those of CPython and NumPy. Both are the Mersenne Twister, seeded and read in two ways.
//! Nothing here is fit for secrets, and nothing draws from the operating system: the same seed gives the same numbers
//! on every machine.
//!
//! ```
//! use ner_cpython::{NumpyRandom, PythonRandom};
//!
//! let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
//! PythonRandom::new(0).shuffle(&mut order);
//! assert_eq!(order, [4, 1, 5, 2, 0, 3, 7, 6]);
//!
//! let mut mask = [0.0; 4];
//! NumpyRandom::new(0).dropout_mask(0.6, &mut mask);
//! assert_eq!(mask, [0.0, 2.5, 2.5, 0.0]);
//! ```

mod murmur;
mod random;
mod unicode;

pub use murmur::{murmur64a, murmur128};
pub use random::{NumpyRandom, PythonRandom};
pub use unicode::{CharClass, is_space, lower};

//! Text as Python's `str` and its text files treat it.

mod lower_case;
mod newlines;
mod white_space;

pub use lower_case::lower;
pub use newlines::universal_newlines;
pub use white_space::{is_space, strip, words};

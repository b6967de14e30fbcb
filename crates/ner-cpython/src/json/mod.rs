//! JSON as Python programs write it: with CPython's `json`, or with srsly, which spaCy uses for its files.
//!
//! The two agree on strings (except for the character DEL), and differ in numbers and layout.

mod float_repr;
mod indented;
mod srsly;
mod strings;

pub use float_repr::float_repr;
pub use indented::write_indented_srsly_json;
pub use srsly::srsly_json;
pub use strings::json_string;

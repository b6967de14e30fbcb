//! Characters as CPython 3.11 classifies them.

mod char_class;

pub use char_class::CharClass;

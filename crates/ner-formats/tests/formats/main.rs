//! Files of every format: read, written, converted, refused, and compared with spaCy's.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conllu;
mod convert;
mod docbin;
mod golden;
mod json;
mod jsonl;
mod output;
mod readme;
mod round_trip;
mod stages;
mod support;
mod token_lines;
mod tools;

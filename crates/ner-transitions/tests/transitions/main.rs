//! The transition system from outside.
//!
//! The golden data are what spaCy 3.8.18 numbers, allows, charges, searches and writes: the slice in `tests/golden` and,
//! where `NER_GOLDEN` names the folder of the whole suite, all of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]

mod files;

mod beam;
mod costs;
mod cut;
mod has_gold;
mod labels;
mod oracle;

mod messages;
mod objectives;
mod properties;
mod rules;

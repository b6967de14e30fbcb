//! Everything in `transitions/` of the golden data that real spaCy wrote: the slice kept here and, where
//! `NER_GOLDEN` names the whole of it, all of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]

mod files;

mod beam;
mod costs;
mod cut;
mod has_gold;
mod labels;
mod oracle;

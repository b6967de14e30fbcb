//! Entity tags of tokens: the schemes that are met, and tags that do not follow the one before them.

mod order;
mod set;

pub(crate) use order::{Misplaced, misplaced_biluo, misplaced_iob};
pub(crate) use set::set_tags;

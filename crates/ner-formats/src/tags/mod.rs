//! Entity tags of tokens: the schemes that are met, and tags that do not follow the one before them.

mod entities;
mod error;
mod order;
mod scheme;
mod set;
mod survey;
mod tag;

pub(crate) use entities::{set_entities, to_biluo};
pub(crate) use error::{ANY_TAG, mend};
pub(crate) use order::{Misplaced, misplaced_biluo, misplaced_tags};
pub use scheme::Scheme;
pub(crate) use set::set_tags;
pub(crate) use survey::{SchemeError, Survey};
pub(crate) use tag::{Tag, is_letter};

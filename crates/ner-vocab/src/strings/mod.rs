//! Strings and the ids that stand for them.

mod id_map;
mod string_id;
mod string_store;
mod symbols;

pub(crate) use id_map::{IdHasher, IdMap};
pub use string_id::StringId;
pub use string_store::StringStore;

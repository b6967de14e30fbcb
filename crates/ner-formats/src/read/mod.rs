//! Reading of files of any format: which one it is, its documents, and the account of it.

mod choose;
mod label_map;
mod options;
mod reading;

pub(crate) use choose::{choose_format, named_format};
pub use label_map::LabelMap;
pub use options::ReadOptions;
pub(crate) use reading::read_each;
pub use reading::{Reading, read_docs};

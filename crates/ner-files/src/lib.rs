#![doc = include_str!("../README.md")]

mod lock;
mod replace;
mod staging;
mod write;

mod archive;
mod bound;
mod msgpack;
mod open;
mod packing;
mod walk;

mod error;

pub use archive::{FileMap, is_archive, unpack};
pub use bound::Bound;
pub use error::{ArchiveProblem, FileError};
pub use lock::DirectoryLock;
pub use msgpack::skip_msgpack;
pub use open::{is_lfs_pointer, open, read, without_bom};
pub use packing::{Packing, Unpacked};
pub use replace::{NewDirectory, replace_directory};
pub use staging::{is_leftover, sweep};
pub use walk::{entries, files_below};
pub use write::write;

//! The file system, handled with care: files and directories replaced as a whole, folders walked, archives unpacked
//! within bounds.
//!
//! It knows neither pipelines nor corpora. Whatever it reads may come from a stranger and is bounded; whatever it
//! writes is complete before it gets its name.
//!
//! ```
//! use ner_files::{FileError, files_below, replace_directory};
//!
//! # let folder = tempfile::tempdir()?;
//! # let place = folder.path().join("model");
//! for version in ["old", "new"] {
//!     replace_directory::<FileError>(&place, |directory| {
//!         directory.write("meta.json", b"{}")?;
//!         directory.write(&format!("ner/{version}"), b"weights")
//!     })?;
//! }
//! assert_eq!(files_below(&place)?, [place.join("meta.json"), place.join("ner/new")]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod replace;
mod staging;
mod write;

mod archive;
mod bound;
mod open;
mod walk;

mod error;

pub use archive::{FileMap, is_archive, unpack};
pub use bound::Bound;
pub use error::{ArchiveProblem, FileError};
pub use open::open;
pub use replace::{NewDirectory, replace_directory};
pub use staging::{is_leftover, sweep};
pub use walk::{entries, files_below};
pub use write::write;

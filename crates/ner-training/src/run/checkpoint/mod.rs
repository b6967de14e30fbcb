//! What a run leaves on the disk, and how it goes on from there.

mod arrays;
mod changes;
mod files;
mod fingerprint;
mod folder;
mod generator;
mod saved;
mod stream_place;

pub use changes::ConfigChange;
pub use files::Checkpoint;
pub use fingerprint::Fingerprint;
pub(crate) use folder::CheckedFolder;
pub(crate) use generator::Generator;
pub use saved::SavedRun;
pub(crate) use saved::allowed_changes;
pub(super) use saved::{Moving, Origin, VERSION, keys};
pub use stream_place::StreamPlace;

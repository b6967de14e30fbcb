//! What a run leaves on the disk, and how it goes on from there.

mod changes;
mod files;
mod fingerprint;
mod generator;
mod saved;
mod stream_place;

pub use changes::ConfigChange;
pub use files::Checkpoint;
pub use fingerprint::Fingerprint;
pub use saved::SavedRun;
pub(super) use saved::{Moving, Origin, VERSION, keys};
pub use stream_place::StreamPlace;

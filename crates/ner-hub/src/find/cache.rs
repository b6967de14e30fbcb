use std::path::{Path, PathBuf};

use super::EncoderName;

/// The folder of an encoder in a cache as `huggingface_hub` lays it out: `models--org--name/snapshots/<commit>`, where
/// `refs/<revision>` says which commit; or where it would be.
pub(super) fn folder(cache: &Path, name: &EncoderName, revision: &str) -> PathBuf {
    let encoder = cache.join(name.in_cache());
    let snapshots = encoder.join("snapshots");
    // A revision may be a commit itself. Names of branches may have slashes, but none leads out of the folder.
    if !is_path_below(revision) {
        return snapshots.join("unknown");
    }
    match ner_files::read(&encoder.join("refs").join(revision)) {
        Ok(commit) => match String::from_utf8_lossy(&commit).trim() {
            commit if is_path_below(commit) && !commit.contains('/') => snapshots.join(commit),
            _ => snapshots.join(revision),
        },
        Err(_) => snapshots.join(revision),
    }
}

fn is_path_below(path: &str) -> bool {
    !path.contains('\\')
        && !path.contains(':')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

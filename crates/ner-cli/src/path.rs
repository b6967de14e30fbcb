use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::builder::{PathBufValueParser, TypedValueParser};
use ner_training::Checkpoint;

/// Accepts a path that exists.
pub(crate) fn existing() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| if path.exists() { Ok(path) } else { Err(MISSING) })
}

/// Accepts a path that exists, and `-`.
pub(crate) fn existing_or_dash() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new()
        .try_map(|path| if is_dash(&path) || path.exists() { Ok(path) } else { Err(MISSING) })
}

const MISSING: &str = "there is no such file or directory";

/// Whether the path stands for stdin or stdout.
pub(crate) fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

/// Fails if a file of this name exists, unless it may be replaced.
pub(crate) fn refuse_existing(path: &Path, force: bool) -> anyhow::Result<()> {
    if path.exists() && !force {
        bail!("{}: the file exists already; to replace it, add --force", path.display());
    }
    Ok(())
}

/// The page beside the pipelines of a run.
pub(crate) const TRAINING_PAGE: &str = "training.html";

/// Creates a directory for pipelines and makes sure that files can be created in it. Fails if it holds anything but
/// pipelines, the page of a run, and the leftovers of a killed one.
pub(crate) fn prepare_directory(directory: &Path) -> anyhow::Result<()> {
    let place = || directory.display().to_string();
    std::fs::create_dir_all(directory).with_context(place)?;
    ner_files::sweep(directory)?;
    for entry in std::fs::read_dir(directory).with_context(place)? {
        let entry = entry.with_context(place)?.path();
        let is_own = entry == Checkpoint::path(directory)
            || entry == directory.join(TRAINING_PAGE)
            || ner_files::is_leftover(&entry);
        if !is_own && !is_pipeline(&entry) {
            bail!("{} holds {}, which is no pipeline; name an empty directory", place(), entry.display());
        }
    }
    // Tried, not read from the permissions, which know nothing of a file system mounted read-only.
    tempfile::tempfile_in(directory).with_context(|| format!("cannot write to {}", place()))?;
    Ok(())
}

/// Fails if a pipeline saved to `directory` would replace anything but a pipeline: saving replaces it as a whole.
pub(crate) fn check_place_of_pipeline(directory: &Path) -> anyhow::Result<()> {
    if directory.exists() && !is_pipeline(directory) && !is_empty_directory(directory) {
        bail!("{}: it is there already, and is no pipeline; name another place", directory.display());
    }
    Ok(())
}

/// Whether a directory exists and is empty.
fn is_empty_directory(directory: &Path) -> bool {
    std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}

/// Whether a directory holds a pipeline.
pub(crate) fn is_pipeline(directory: &Path) -> bool {
    ["config.cfg", "meta.json"].iter().all(|file| directory.join(file).is_file())
}

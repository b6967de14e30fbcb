//! Pipelines on disk: a directory, or the folder of a Python package around it.

use std::path::{Path, PathBuf};

use ner_files::entries;

use crate::PipelineError;

/// The file that makes a folder a pipeline.
pub(super) const CONFIG: &str = "config.cfg";

/// Levels of folders below which something else than a pipeline is meant, such as a link that leads back.
const MAX_DEPTH: usize = 8;

/// What is no part of a pipeline, though it may lie beside it: Python's caches and packages.
const NO_PARTS: [&str; 4] = ["__pycache__", ".whl", ".tar.gz", ".zip"];

/// The pipeline's directory: `path` itself, or the one in a Python package's folder.
pub(super) fn pipeline_in(path: &Path) -> Result<PathBuf, PipelineError> {
    if path.join(CONFIG).is_file() {
        return Ok(path.to_owned());
    }
    let mut found = Vec::new();
    find_in_package(path, &mut found)?;
    match (found.pop(), found.pop()) {
        (Some(only), None) => Ok(only),
        (Some(second), Some(first)) => {
            let (first, second) = (first.display(), second.display());
            Err(content(
                path,
                format!("several pipelines are inside, such as {first} and {second}; name one"),
            ))
        }
        _ => Err(content(path, format!("no pipeline is in this directory: {CONFIG} is missing"))),
    }
}

/// An installed package has its pipeline in a folder beside `__init__.py`, the folder of its sources has the package
/// in a folder beside `setup.py`.
fn find_in_package(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), PipelineError> {
    let (is_package, is_project) = (folder.join("__init__.py").is_file(), folder.join("setup.py").is_file());
    if !is_package && !is_project {
        return Ok(());
    }
    for child in entries(folder)?.into_iter().filter(|child| child.is_dir()) {
        if is_package && child.join(CONFIG).is_file() {
            found.push(child);
        } else if is_project {
            find_in_package(&child, found)?;
        }
    }
    Ok(())
}

/// The paths of all files below a directory, with `/` between folders; hidden ones are left out.
pub(super) fn names_below(directory: &Path) -> Result<Vec<String>, PipelineError> {
    let mut names = Vec::new();
    add_names(directory, "", 0, &mut names)?;
    Ok(names)
}

fn add_names(
    directory: &Path,
    prefix: &str,
    depth: usize,
    names: &mut Vec<String>,
) -> Result<(), PipelineError> {
    if depth > MAX_DEPTH {
        return Err(content(
            directory,
            format!("more than {MAX_DEPTH} levels of folders are in no pipeline"),
        ));
    }
    for entry in entries(directory)? {
        let name = entry.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| content(&entry, "the file's name is not UTF-8; rename it"))?;
        if NO_PARTS.iter().any(|part| name.ends_with(part)) {
            continue;
        }
        match entry.is_dir() {
            true => add_names(&entry, &format!("{prefix}{name}/"), depth + 1, names)?,
            false => names.push(format!("{prefix}{name}")),
        }
    }
    Ok(())
}

fn content(path: &Path, message: impl Into<String>) -> PipelineError {
    PipelineError::Content { path: path.to_owned(), message: message.into() }
}

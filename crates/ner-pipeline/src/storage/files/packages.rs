//! Pipelines by the names of their Python packages.

use std::path::{Component, Path, PathBuf};

use ner_files::entries;

use super::walk::pipeline_in;
use crate::PipelineError;

/// The endings of packed packages.
const ARCHIVES: [&str; 3] = [".whl", ".tar.gz", ".zip"];

/// The place that `name` means: itself if it is there, or else a package in one of `folders`, the first that has it.
pub(super) fn find(name: &Path, folders: &[PathBuf]) -> Result<PathBuf, PipelineError> {
    if name.exists() {
        return Ok(name.to_owned());
    }
    let package = package_name(name);
    let found = package.and_then(|package| folders.iter().find_map(|folder| package_in(folder, package)));
    found.ok_or_else(|| PipelineError::NotFound {
        name: name.display().to_string(),
        folders: package.map(|_| folders.to_vec()),
    })
}

/// The name, if it is one and no path.
fn package_name(name: &Path) -> Option<&str> {
    let mut parts = name.components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => name.to_str(),
        _ => None,
    }
}

/// The package in a folder: under its own name, or with its version behind it, of several the last in the order of their
/// names.
fn package_in(folder: &Path, package: &str) -> Option<PathBuf> {
    let own = folder.join(package);
    if is_package(&own) {
        return Some(own);
    }
    let has_version = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.strip_prefix(package).is_some_and(|rest| rest.starts_with('-'))
    };
    // A folder that cannot be read holds nothing that could be opened.
    entries(folder).ok()?.into_iter().rfind(|path| has_version(path) && is_package(path))
}

fn is_package(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if path.is_dir() {
        pipeline_in(path).is_ok()
    } else {
        ARCHIVES.iter().any(|ending| name.ends_with(ending))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn packages_are_found_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for file in [
            "site/en_a/__init__.py",
            "site/en_a/en_a-1/config.cfg",
            "more/en_b-1.0-py3-none-any.whl",
            "site/other/x",
            "more/en_d-1.0/config.cfg",
            "more/en_d-1.0.dist-info/METADATA",
        ] {
            fs::create_dir_all(path(file).parent().unwrap()).unwrap();
            fs::write(path(file), "").unwrap();
        }
        let folders = [path("none"), path("site"), path("more")];
        let find = |name: &str| find(Path::new(name), &folders).map_err(|error| error.to_string());
        assert_eq!(find("en_a"), Ok(path("site/en_a")));
        assert_eq!(find("en_b"), Ok(path("more/en_b-1.0-py3-none-any.whl")));
        assert_eq!(find("en_d"), Ok(path("more/en_d-1.0")));
        assert_eq!(find(path("site").to_str().unwrap()), Ok(path("site")));
        for name in ["other", "en", "en_c", "../site/en_a"] {
            assert!(find(name).unwrap_err().contains("is no file or folder here"), "{name}");
        }
    }
}

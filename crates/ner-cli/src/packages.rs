//! The folders in which Python packages of pipelines lie.

use std::env;
use std::path::{Path, PathBuf};

/// Where a package is looked for: the folders that the variable NER_MODELS names, and `site-packages` of the Python
/// environment that is active, of venv or of conda.
pub(crate) fn folders() -> Vec<PathBuf> {
    let named = env::var_os("NER_MODELS").map(|folders| env::split_paths(&folders).collect::<Vec<_>>());
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(env::var_os);
    named
        .into_iter()
        .flatten()
        .filter(|folder| !folder.as_os_str().is_empty())
        .chain(active.flat_map(|environment| site_packages(Path::new(&environment))))
        .collect()
}

/// `lib/python3.12/site-packages`, or on Windows `Lib/site-packages`.
fn site_packages(environment: &Path) -> Vec<PathBuf> {
    let lib = environment.join("lib");
    let versions = ner_files::entries(&lib).unwrap_or_default();
    let folders =
        versions.into_iter().chain([environment.join("Lib")]).map(|folder| folder.join("site-packages"));
    folders.filter(|folder| folder.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn site_packages_of_any_version_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let expected = folder.path().join("lib/python3.12/site-packages");
        fs::create_dir_all(&expected).unwrap();
        fs::create_dir_all(folder.path().join("lib/other")).unwrap();
        assert_eq!(site_packages(folder.path()), [expected]);
        assert!(site_packages(&folder.path().join("none")).is_empty());
    }
}

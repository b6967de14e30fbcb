//! How many files a folder holds, and what they are called.

use std::collections::BTreeMap;

use super::modules::is_front_page;
use super::rust::sources;
use super::tree::Tree;

/// Files beside its front page that a reader can take in at one look.
const MAX_FILES: usize = 15;

/// Folders of too many product files.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut folders = BTreeMap::<_, usize>::new();
    for file in sources(tree).filter(|file| !is_front_page(&file.path)) {
        let (folder, _) = file.path.rsplit_once('/').unwrap_or_default();
        *folders.entry(folder).or_default() += 1;
    }
    let large = folders.into_iter().filter(|(_, n_files)| *n_files > MAX_FILES);
    large
        .map(|(folder, n_files)| {
            format!("{folder}: {n_files} files in a folder, more than {MAX_FILES}; it holds several ideas")
        })
        .collect()
}

/// Names that several product files of a crate have, a line each. They are shown, not refused: folders of one shape,
/// such as a reader and a writer for each format, may well repeat their names.
pub(crate) fn same_names(tree: &Tree) -> String {
    let mut folders = BTreeMap::<_, Vec<&str>>::new();
    for file in sources(tree).filter(|file| !is_front_page(&file.path)) {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or_default();
        folders.entry((file.crate_name(), name)).or_default().push(folder);
    }
    let several = folders.into_iter().filter(|(_, folders)| folders.len() > 1);
    several.map(|((_, name), folders)| format!("{name} is in {}\n", folders.join(", "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[String]) -> Tree {
        Tree::of(&paths.iter().map(|path| (path.as_str(), "")).collect::<Vec<_>>())
    }

    #[test]
    fn a_folder_holds_fifteen_files_and_its_front_page() {
        let mut paths: Vec<_> = (0..15).map(|number| format!("crates/ner-a/src/x/{number}.rs")).collect();
        paths.push("crates/ner-a/src/x/mod.rs".to_owned());
        assert!(check(&tree(&paths)).is_empty());
        paths.push("crates/ner-a/src/x/15.rs".to_owned());
        let expected = "crates/ner-a/src/x: 16 files in a folder, more than 15; it holds several ideas";
        assert_eq!(check(&tree(&paths)), [expected]);
    }

    #[test]
    fn files_of_one_name_in_a_crate_are_shown() {
        let paths = ["ner-a/src/x/b.rs", "ner-a/src/y/b.rs", "ner-c/src/b.rs"];
        let paths = paths.map(|path| format!("crates/{path}"));
        assert_eq!(same_names(&tree(&paths)), "b.rs is in crates/ner-a/src/x, crates/ner-a/src/y\n");
    }
}

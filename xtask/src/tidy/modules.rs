//! Which file of a crate needs which.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{self, Import};
use super::rust::sources;
use super::tree::{File, Tree};

/// The modules of a crate by their paths from its root.
pub(crate) struct Modules<'a>(BTreeMap<Vec<String>, Module<'a>>);

struct Module<'a> {
    file: &'a str,
    imports: Vec<Import>,
    /// Paths in the code.
    named: Vec<Vec<String>>,
}

/// Imports of imports that are followed, so that two which name each other end.
const MAX_IMPORTS: usize = 8;

impl<'a> Modules<'a> {
    /// Reads the product sources of a crate.
    pub(crate) fn read(tree: &'a Tree, crate_name: &str) -> Modules<'a> {
        let files = sources(tree).filter(|file| file.crate_name() == Some(crate_name));
        Modules(files.filter_map(|file| Some((module_path(&file.path)?, Module::read(file)))).collect())
    }

    /// Pairs of a file and one that it needs.
    ///
    /// Re-exports of a front page (`mod.rs`, `lib.rs`) are no needs of it: who imports such a name needs the file that
    /// defines it.
    pub(crate) fn needs(&self) -> BTreeSet<(&'a str, &'a str)> {
        let mut needs = BTreeSet::new();
        for (at, module) in &self.0 {
            let imports = module.imports.iter();
            let imports = imports.filter(|import| !(import.is_public && is_front_page(module.file)));
            let paths = imports.map(|import| &import.path).chain(&module.named);
            let files = paths.filter_map(|path| self.file_of(at, path, MAX_IMPORTS));
            needs.extend(files.filter(|file| *file != module.file).map(|file| (module.file, file)));
        }
        needs
    }

    /// The file that defines what a path names in the module `at`; `None` if that is another crate's.
    fn file_of(&self, at: &[String], path: &[String], n_left: usize) -> Option<&'a str> {
        let (first, rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "self" => at.to_vec(),
            "super" => at.split_last()?.1.to_vec(),
            _ => Some(child(at, first)).filter(|child| self.0.contains_key(child))?,
        };
        for (index, segment) in rest.iter().enumerate() {
            if segment == "super" {
                at.pop()?;
            } else if self.0.contains_key(&child(&at, segment)) {
                at.push(segment.clone());
            } else if let Some(import) =
                self.0.get(&at)?.imports.iter().find(|import| import.name == *segment)
            {
                let path = [&import.path, &rest[index + 1..]].concat();
                return self.file_of(&at, &path, n_left.checked_sub(1)?);
            } else {
                // An item of this module, and perhaps names within it.
                break;
            }
        }
        self.0.get(&at).map(|module| module.file)
    }
}

impl<'a> Module<'a> {
    fn read(file: &'a File) -> Module<'a> {
        let (imports, named) = paths::of_source(&file.text);
        Module { file: &file.path, imports, named }
    }
}

fn child(at: &[String], name: &str) -> Vec<String> {
    at.iter().cloned().chain([name.to_owned()]).collect()
}

/// The path of the module that a file holds; `None` for a program beside a library, which is not part of it.
fn module_path(file: &str) -> Option<Vec<String>> {
    let (folder, path) = file.split_once("/src/")?;
    let is_program = path == "main.rs" && folder != "xtask";
    let path = path.strip_suffix(".rs").filter(|_| !is_program)?;
    let mut segments: Vec<_> = path.split('/').map(str::to_owned).collect();
    if is_front_page(file) {
        segments.pop();
    }
    Some(segments)
}

/// Whether a file is the first that is read in its folder.
pub(crate) fn is_front_page(file: &str) -> bool {
    matches!(file.rsplit('/').next(), Some("mod.rs" | "lib.rs" | "main.rs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) {
        let files: Vec<_> =
            files.iter().map(|(file, text)| (format!("crates/ner-a/src/{file}"), *text)).collect();
        let files: Vec<_> = files.iter().map(|(file, text)| (file.as_str(), *text)).collect();
        let tree = Tree::of(&files);
        let needs = Modules::read(&tree, "ner-a").needs();
        let short = |file: &str| file["crates/ner-a/src/".len()..].to_owned();
        let needs: Vec<_> = needs.into_iter().map(|(file, needed)| (short(file), short(needed))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(file, needed)| (file.to_string(), needed.to_string())).collect();
        assert_eq!(needs, expected);
    }

    #[test]
    fn a_name_is_needed_from_the_file_that_defines_it() {
        check(
            &[
                ("lib.rs", "mod a;\nmod b;\npub use b::C;\npub use ner_doc::Doc;"),
                ("a.rs", "use crate::{C, Doc};"),
                ("b/mod.rs", "mod c;\npub(crate) use c::C;\nuse c::D;"),
                ("b/c.rs", "fn f() -> super::super::a::X {}"),
            ],
            &[("a.rs", "b/c.rs"), ("b/c.rs", "a.rs"), ("b/mod.rs", "b/c.rs")],
        );
    }

    #[test]
    fn tests_and_other_crates_are_not_needed() {
        check(
            &[
                ("lib.rs", "mod a;\nuse ner_doc::a::Doc;\n#[cfg(test)]\nmod tests {\nuse super::a::X;\n}"),
                ("a.rs", "use std::a::b;"),
            ],
            &[],
        );
    }

    #[test]
    fn imports_that_name_each_other_end() {
        check(&[("lib.rs", "pub use a::X;\nuse crate::X;"), ("a.rs", "pub use crate::X;")], &[]);
    }
}

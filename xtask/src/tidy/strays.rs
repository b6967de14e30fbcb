//! Words that stand where they should not.

use super::floors::SPEAKERS;
use super::rust::{code, sources};
use super::tree::{File, Tree};

/// How a source prints or reads the environment.
const EFFECTS: [&str; 7] = ["println!", "eprintln!", "print!", "eprint!", "dbg!", "std::env", "env::var"];

/// What is never committed; in pieces, lest this file finds itself.
const MARKS: [&str; 3] = [concat!("to", "do!"), concat!("#[", "ignore"), concat!("#[", "should_panic")];

/// Folders of one machine, below its root.
const MACHINE_FOLDERS: [&str; 3] = ["work", "home", "tmp"];

/// Names such as `spacy.Corpus.v1` in code outside of `registrations.rs`.
pub(crate) fn registered_names(tree: &Tree) -> Vec<String> {
    let files = sources(tree).filter(|file| !file.path.ends_with("/registrations.rs"));
    let found = files.flat_map(|file| code(&file.text).map(move |(number, line)| (file, number, line)));
    let found = found.filter_map(|(file, number, line)| Some((file, number, registered_name(line)?)));
    found
        .map(|(file, number, name)| {
            format!("{}:{number}: the registered name {name} belongs into registrations.rs", file.path)
        })
        .collect()
}

/// The first name of the form `spacy.X.vN` in a line, of spaCy or one of its libraries.
fn registered_name(line: &str) -> Option<&str> {
    let words = line.split(|sign: char| !(sign.is_alphanumeric() || ".-_".contains(sign)));
    const LIBRARIES: [&str; 4] =
        ["spacy", "spacy-legacy", "spacy-transformers", "spacy-curated-transformers"];
    words.into_iter().find(|word| {
        let parts: Vec<_> = word.split('.').collect();
        let is_version = |part: &str| {
            let digits = part.strip_prefix('v').unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
        };
        matches!(parts[..], [library, name, version] if LIBRARIES.contains(&library) && !name.is_empty() && is_version(version))
    })
}

/// Printing, and reading of the environment, in crates that keep silent.
pub(crate) fn effects(tree: &Tree) -> Vec<String> {
    let silent = |file: &&File| file.crate_name().is_some_and(|name| !SPEAKERS.contains(&name));
    let files = sources(tree).filter(silent);
    files
        .flat_map(|file| code(&file.text).filter_map(move |(number, line)| effect(file, number, line)))
        .collect()
}

fn effect(file: &File, number: usize, line: &str) -> Option<String> {
    let found = EFFECTS.into_iter().find(|effect| {
        // `println!` is found as itself, not as the tail of `eprintln!`.
        line.match_indices(effect)
            .any(|(at, _)| !line[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_'))
    })?;
    Some(format!("{}:{number}: {found} is for {} only", file.path, SPEAKERS.join(" and ")))
}

/// Work that is not done and tests that do not say what they check.
pub(crate) fn marks(tree: &Tree) -> Vec<String> {
    let files = tree.files.iter().filter(|file| file.path.ends_with(".rs"));
    lines(files)
        .filter_map(|(file, number, line)| {
            let mark = MARKS.into_iter().find(|mark| line.contains(mark))?;
            Some(format!("{}:{number}: {mark} is not for a commit", file.path))
        })
        .collect()
}

/// Paths that exist on one machine only, in any file.
pub(crate) fn machine_paths(tree: &Tree) -> Vec<String> {
    let folders = MACHINE_FOLDERS.map(|folder| format!("/{folder}/"));
    lines(tree.files.iter())
        .filter_map(|(file, number, line)| {
            let folder = folders.iter().find(|folder| starts_path(line, folder))?;
            Some(format!("{}:{number}: a path below {folder} exists on one machine only", file.path))
        })
        .collect()
}

/// Whether a path begins with that folder; `/usr/home/` and `example.org/home/` do not.
fn starts_path(line: &str, folder: &str) -> bool {
    let within_path = |sign: char| sign.is_alphanumeric() || "._-~}".contains(sign);
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(within_path))
}

fn lines<'a>(files: impl Iterator<Item = &'a File>) -> impl Iterator<Item = (&'a File, usize, &'a str)> {
    files.flat_map(|file| file.text.lines().enumerate().map(move |(index, line)| (file, index + 1, line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_names_stay_in_registrations() {
        let text = "// as spacy.Corpus.v1\nlet name = \"spacy.Corpus.v1\";\nlet other = \"spacy.load\";\n";
        let tree = Tree::of(&[("crates/a/src/registrations.rs", text), ("crates/a/src/corpus.rs", text)]);
        let expected =
            "crates/a/src/corpus.rs:2: the registered name spacy.Corpus.v1 belongs into registrations.rs";
        assert_eq!(registered_names(&tree), [expected]);
    }

    #[test]
    fn libraries_are_silent() {
        let text = "eprintln!();\nlet root = env!(\"CARGO_MANIFEST_DIR\");\nmy_print!();\n";
        let tree = Tree::of(&[("crates/ner-doc/src/doc.rs", text), ("crates/ner-cli/src/main.rs", text)]);
        assert_eq!(effects(&tree), ["crates/ner-doc/src/doc.rs:1: eprintln! is for ner-cli and xtask only"]);
    }

    #[test]
    fn machine_paths_begin_at_the_root() {
        let text = ["\"/", "tmp/x\"\nexample.org/home/x\n../", "tmp/x\n"].concat();
        let expected = ["a.md:1: a path below /", "tmp/ exists on one machine only"].concat();
        assert_eq!(machine_paths(&Tree::of(&[("a.md", &text)])), [expected]);
    }

    #[test]
    fn marks_are_found_in_tests_too() {
        let text = format!("{}]\nfn a() {{}}", MARKS[1]);
        assert_eq!(marks(&Tree::of(&[("crates/a/tests/t.rs", &text)])).len(), 1);
    }
}

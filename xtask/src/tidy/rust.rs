//! Rust sources without their tests and comments.

use super::tree::{File, Tree};

/// The library and program sources of all crates.
pub(crate) fn sources(tree: &Tree) -> impl Iterator<Item = &File> {
    let is_source = |file: &&File| file.path.ends_with(".rs") && file.path.contains("/src/");
    tree.files.iter().filter(is_source).filter(|file| file.crate_name().is_some() && !is_test(&file.path))
}

/// Files that exist for tests alone.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// The lines up to the module of unit tests, which stands last in its file.
pub(crate) fn own_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut lines = text.lines().peekable();
    std::iter::from_fn(move || {
        let line = lines.next()?;
        // Before a single item the attribute ends nothing: the file's own code goes on behind it.
        let tests = line == "#[cfg(test)]" && lines.peek().is_some_and(|next| next.starts_with("mod "));
        (!tests).then_some(line)
    })
}

/// Own lines that hold code, with their numbers from 1.
pub(crate) fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = own_lines(text).enumerate().map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_comments_are_no_code() {
        let text = "//! Doc.\nfn a() {}\n    // Why.\n\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(own_lines(text).count(), 4);
        assert_eq!(code(text).collect::<Vec<_>>(), [(2, "fn a() {}"), (4, "")]);
    }

    #[test]
    fn sources_of_crates_only() {
        let paths =
            ["crates/a/src/lib.rs", "crates/a/src/x/tests.rs", "crates/a/tests/t.rs", "xtask/src/main.rs"];
        let tree = Tree::of(&paths.map(|path| (path, "")));
        let found: Vec<_> = sources(&tree).map(|file| file.path.as_str()).collect();
        assert_eq!(found, ["crates/a/src/lib.rs", "xtask/src/main.rs"]);
    }
}

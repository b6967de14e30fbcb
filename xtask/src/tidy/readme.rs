//! The table of crates in README.md.

use super::tree::Tree;

/// Crates that the table lacks, and rows that are no crate.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let crates = tree.crates();
    let Some(readme) = tree.get("README.md") else {
        return vec![format!(
            "README.md: missing; it is to hold a table with a row for each of the {} crates",
            crates.len()
        )];
    };
    let rows: Vec<_> = readme.text.lines().filter_map(crate_of_row).collect();
    let lacking = crates.iter().filter(|name| !rows.contains(name));
    let lacking = lacking.map(|name| format!("README.md: the table of crates has no row for {name}"));
    let wrong = rows.iter().enumerate().filter_map(|(index, name)| {
        let twice =
            rows[..index].contains(name).then(|| format!("README.md: the table of crates has {name} twice"));
        let gone = || format!("README.md: the table of crates has a row for {name}, which is no crate");
        twice.or_else(|| (!crates.contains(name)).then(gone))
    });
    lacking.chain(wrong).collect()
}

/// The crate in backticks in the first cell of a table's row.
fn crate_of_row(line: &str) -> Option<&str> {
    let cell = line.trim_start().strip_prefix('|')?.split('|').next()?;
    // Other tables of the README have other things in backticks.
    cell.split('`').nth(1).filter(|name| *name == "ner" || name.starts_with("ner-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_readme(readme: &str, expected: &[&str]) {
        let tree = Tree::of(&[
            ("README.md", readme),
            ("crates/ner-a/Cargo.toml", ""),
            ("crates/ner-b/Cargo.toml", ""),
        ]);
        assert_eq!(check(&tree), expected);
    }

    #[test]
    fn lists_every_crate_once() {
        check_readme(
            "| crate | |\n|---|---|\n| `ner-a` | x |\n| [`ner-b`](crates/ner-b) | y |\n| `other` | z |\n| `ner train` | z |",
            &[],
        );
        check_readme(
            "| `ner-a` | x |\n| `ner-a` | x |\n| `ner-c` | x |",
            &[
                "README.md: the table of crates has no row for ner-b",
                "README.md: the table of crates has ner-a twice",
                "README.md: the table of crates has a row for ner-c, which is no crate",
            ],
        );
    }

    #[test]
    fn says_that_it_is_missing() {
        assert!(check(&Tree::default())[0].starts_with("README.md: missing"));
    }
}

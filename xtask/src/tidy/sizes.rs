//! How long files and crates are, tests left out. Nothing here fails: it shows which file has outgrown its room.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::comments::density;
use super::rust::{own_lines, sources};
use super::tree::{File, Tree};

/// Files of more lines than this are shown by name.
const LONG: usize = 400;

/// A few lines for people.
pub(crate) fn report(tree: &Tree) -> String {
    let files: Vec<_> = sources(tree).map(|file| (file, own_lines(&file.text).count())).collect();
    let mut per_crate = BTreeMap::<_, (Vec<&File>, usize)>::new();
    for (file, n_lines) in &files {
        let (files, total) = per_crate.entry(file.crate_name().unwrap_or_default()).or_default();
        files.push(file);
        *total += n_lines;
    }
    let mut report = String::new();
    for (name, (files, n_lines)) in &per_crate {
        let (n_files, density) = (files.len(), density(files));
        writeln!(report, "{name:16} {n_lines:6} lines {n_files:4} files {density:5.1} comments in 100 lines")
            .expect("a string takes every character");
    }
    let mut lengths: Vec<_> = files.iter().map(|(_, n_lines)| *n_lines).collect();
    lengths.sort_unstable();
    let (total, median, ninetieth) =
        (lengths.iter().sum::<usize>(), share(&lengths, 50), share(&lengths, 90));
    let summary = format!("{total} lines; a file has a median of {median}, nine in ten at most {ninetieth}");
    let long = files.iter().filter(|(_, n_lines)| *n_lines > LONG);
    let long = long.map(|(file, n_lines)| format!("{}: {n_lines} lines is long\n", file.path));
    format!("{report}{summary}\n{}", long.collect::<String>())
}

/// The least length that `percent` of the sorted lengths do not exceed; 0 if there are none.
fn share(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_by_nearest_rank() {
        assert_eq!([share(&[], 50), share(&[3, 5, 9], 50), share(&[3, 5, 9], 90)], [0, 5, 9]);
    }

    #[test]
    fn shows_crates_and_long_files() {
        let long = "\n".repeat(401);
        let tree = Tree::of(&[("crates/ner-a/src/lib.rs", "\n"), ("crates/ner-a/src/b.rs", &long)]);
        assert_eq!(
            report(&tree),
            "ner-a               402 lines    2 files   0.0 comments in 100 lines\n\
             402 lines; a file has a median of 1, nine in ten at most 401\n\
             crates/ner-a/src/b.rs: 401 lines is long\n"
        );
    }
}

//! How often code says why.

use super::rust::{code, own_lines, sources};
use super::tree::{File, Tree};

/// Where code can be followed only by those who know its reasons: kernels, orders of operations, parity with spaCy.
const ARGUED: [&str; 5] = [
    "crates/ner-layers/src/kernel/",
    "crates/ner-layers/src/fused/",
    "crates/ner-optim/src/",
    "crates/ner-pipeline/src/",
    "crates/ner-formats/src/convert/",
];

/// Plain comments in 100 lines of code that those must have; workspaces that are read with pleasure have 2 to 7.
const LEAST: f64 = 1.5;

/// Folders whose code says too seldom why.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let densities = ARGUED.into_iter().filter_map(|folder| {
        let files: Vec<_> = sources(tree).filter(|file| file.path.starts_with(folder)).collect();
        // A tree without code of that folder, as in a test, is not wrong.
        let density = density(&files);
        (density < LEAST && !files.is_empty()).then_some((folder, density))
    });
    densities
        .map(|(folder, density)| {
            format!("{folder}: {density:.1} plain comments in 100 lines of code, fewer than {LEAST}; say why")
        })
        .collect()
}

/// Lines of plain comments (`//`, not `///` or `//!`) for 100 lines of code, without tests and blank lines.
pub(crate) fn density(files: &[&File]) -> f64 {
    let n_comments =
        files.iter().flat_map(|file| own_lines(&file.text)).filter(|line| is_plain(line)).count();
    let lines = files.iter().flat_map(|file| code(&file.text));
    let n_code = lines.filter(|(_, line)| !line.trim().is_empty()).count();
    100.0 * n_comments as f64 / n_code.max(1) as f64
}

/// Whether a line is a plain comment, or ends with one.
fn is_plain(line: &str) -> bool {
    let line = line.trim_start();
    let is_doc = line.starts_with("///") || line.starts_with("//!");
    !is_doc
        && (line.starts_with("//")
            || [", // ", "; // ", "{ // ", "} // "].iter().any(|end| line.contains(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doc_comments_blank_lines_and_tests_do_not_count() {
        let text =
            "/// Doc.\nfn a() {\n    // Why.\n    b(); // Why.\n\n}\n#[cfg(test)]\nmod tests {\n// Why.\n}";
        let tree = Tree::of(&[("crates/ner-a/src/lib.rs", text)]);
        // Two comments for three lines of code.
        assert!((density(&[&tree.files[0]]) - 200.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn rooms_of_hard_code_must_argue() {
        let tree = Tree::of(&[
            ("crates/ner-optim/src/lib.rs", "fn a() {}"),
            ("crates/ner-pipeline/src/lib.rs", "// Why.\nfn a() {}"),
            ("crates/ner-doc/src/lib.rs", "fn a() {}"),
        ]);
        let expected =
            "crates/ner-optim/src/: 0.0 plain comments in 100 lines of code, fewer than 1.5; say why";
        assert_eq!(check(&tree), [expected]);
    }
}

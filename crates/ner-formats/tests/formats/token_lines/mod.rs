//! Token-per-line and sentence-per-line files as people have them.

mod boundaries;
mod columns;
mod detect;
mod tags;

use expect_test::Expect;
use ner_formats::ReadOptions;

use super::support::outcome;

/// One document, without the messages about boundaries that files of a few lines have none of.
#[track_caller]
fn check(text: &str, expected: Expect) {
    check_options(text, &grouped(0), expected);
}

#[track_caller]
fn check_options(text: &str, options: &ReadOptions, expected: Expect) {
    const SAID: [&str; 3] =
        ["ℹ Segmenting sentences", "⚠ No sentence boundaries", "⚠ No document delimiters"];
    let outcome = outcome("a.conll", text, options);
    let is_of_file = |line: &&str| !SAID.iter().any(|said| line.starts_with(said));
    expected.assert_eq(&outcome.lines().filter(is_of_file).collect::<Vec<_>>().join("\n"));
}

#[track_caller]
fn check_with(name: &str, text: &str, options: &ReadOptions, expected: Expect) {
    expected.assert_eq(&outcome(name, text, options));
}

fn grouped(n_sents: usize) -> ReadOptions {
    ReadOptions { n_sents, ..ReadOptions::default() }
}

//! Tables written by Hugging Face's `datasets` 5.2 and by pandas on pyarrow 26.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use ner_formats::ReadOptions;

use super::super::support::read;
use super::{show, without};

fn table(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/tools/parquet").join(name)
}

#[track_caller]
fn check(file: &Path, expected: Expect) {
    check_with(file, &ReadOptions::default(), expected);
}

#[track_caller]
fn check_with(file: &Path, options: &ReadOptions, expected: Expect) {
    let shown = match read(file, options) {
        Ok((docs, messages, _)) => docs.iter().map(show).chain(messages).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&(without(file.parent().unwrap(), &shown) + "\n"));
}

#[test]
fn tags_that_are_numbers_get_the_names_of_their_classes() {
    check(
        &table("tags.parquet"),
        expect![[r#"
        [PER Mira Orr] rows . 
        Nobody rows . 
    "#]],
    );
    check(
        &table("number_without_name.parquet"),
        expect![[r#"
        number_without_name.parquet:2: "ner_tags" is -1; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
    "#]],
    );
}

#[test]
fn texts_and_spans_are_records() {
    check(
        &table("spans.parquet"),
        expect![[r#"
        [PER Mira Orr] rows.
        Nobody rows.
    "#]],
    );
}

#[test]
fn the_column_of_texts_can_be_named() {
    let named = |name: &str| ReadOptions { text_column: Some(name.to_owned()), ..ReadOptions::default() };
    check_with(
        &table("spans.parquet"),
        &named("body"),
        expect![[r#"
        [PER Mira Orr] rows.
        Nobody rows.
    "#]],
    );
    check_with(
        &table("spans.parquet"),
        &named("title"),
        expect![[r#"
        spans.parquet:1: "title" is null; expected a text or words, as --text-column says
    "#]],
    );
    check_with(
        &table("tags.parquet"),
        &named("tokens"),
        expect![[r#"
        [PER Mira Orr] rows . 
        Nobody rows . 
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    check(
        &table("zstandard.parquet"),
        expect![[r#"
        zstandard.parquet: the Parquet file cannot be read: Disabled feature at compile time: zstd; fetch it again, or write it with compression="snappy", or as JSON Lines: dataset.to_json("x.jsonl")
    "#]],
    );
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(table("tags.parquet")).unwrap();
    let file = folder.path().join("a.parquet");
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    check(
        &file,
        expect![[r#"
        a.parquet: the Parquet file cannot be read: Invalid Parquet file. Corrupt footer; fetch it again, or write it with compression="snappy", or as JSON Lines: dataset.to_json("x.jsonl")
    "#]],
    );
}

/// Bytes are changed one by one: what is read is the same, or an error, or other data, but no panic ends the program.
#[test]
fn damaged_tables_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(table("tags.parquet")).unwrap();
    let file = folder.path().join("a.parquet");
    let mut n_errors = 0;
    for index in (4..whole.len()).step_by(16) {
        let mut damaged = whole.clone();
        damaged[index] ^= 0x55;
        fs::write(&file, damaged).unwrap();
        n_errors += usize::from(read(&file, &ReadOptions::default()).is_err());
    }
    assert!(n_errors > 16, "{n_errors}");
}

/// The time is 2^63 - 1 microseconds after 1970, which the library cannot write as a date: 292,000 years.
#[test]
fn times_out_of_bounds_are_errors() {
    check(
        &table("times.parquet"),
        expect![[r#"
        times.parquet: the Parquet file cannot be read: damaged, or a column of a type that is not read; fetch it again, or write it with compression="snappy", or as JSON Lines: dataset.to_json("x.jsonl")
    "#]],
    );
}

//! Files of annotation tools, as these write them, and with the faults that are met.

mod bioc;
mod brat;
mod csv;
mod field;
mod gate;
mod mutations;
mod parquet;
mod pubtator;
mod rasa;
mod uima;
mod webanno;

use std::fs;
use std::path::Path;

use expect_test::Expect;
use ner_doc::{Doc, EntIob};
use ner_formats::ReadOptions;

use super::support::read;

/// Reads the first of some files, which lie in one folder.
#[track_caller]
fn check(files: &[(&str, &str)], expected: Expect) {
    check_with(files, &ReadOptions::default(), expected);
}

#[track_caller]
fn check_with(files: &[(&str, &str)], options: &ReadOptions, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let shown = match read(&folder.path().join(files[0].0), options) {
        Ok((docs, messages, _)) => docs.iter().map(show).chain(messages).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&(without(folder.path(), &shown) + "\n"));
}

fn without(folder: &Path, text: &str) -> String {
    text.replace(&format!("{}/", folder.display()), "")
}

/// The text with its entities, as in `[PERSON Mira] rows`; a `?` follows tokens of which nothing is known.
fn show(doc: &Doc) -> String {
    let mut shown = String::new();
    for (index, token) in doc.tokens.iter().enumerate() {
        if token.ent_iob == EntIob::Begin {
            shown += &format!("[{} ", doc.vocab().strings().get(token.ent_type).unwrap());
        }
        shown += &token.text().escape_debug().to_string();
        let goes_on = doc.tokens.get(index + 1).is_some_and(|next| next.ent_iob == EntIob::In);
        match token.ent_iob {
            EntIob::Begin | EntIob::In if !goes_on => shown.push(']'),
            EntIob::Missing => shown.push('?'),
            _ => {}
        }
        shown += if token.space_after { " " } else { "" };
    }
    shown
}

//! JSON of all shapes and tools: what comes out of it, and what is said of the rest.

mod label_studio;
mod offsets_and_values;
mod other_keys;
mod properties;
mod shapes;
mod tools;

use std::io::Cursor;
use std::path::Path;

use expect_test::Expect;
use ner_doc::Doc;
use ner_formats::{FormatError, Opened, ReadOptions, Reading};

use super::support::tokenizer;

/// A document as entities in a text, for instance `[PER Ada Lovelace] saw`; `?` before one of which nothing is known.
fn show(doc: &Doc) -> String {
    let entities = doc.entities().unwrap();
    let known = if doc.has_entity_annotation() || doc.is_empty() { "" } else { "? " };
    let tokens = doc.tokens.iter().enumerate().map(|(index, token)| {
        let begins = entities.iter().find(|entity| entity.start == index);
        let label = begins.map(|entity| doc.vocab().strings().get(entity.label).unwrap());
        let begin = label.map_or(String::new(), |label| format!("[{label} "));
        let end = if entities.iter().any(|entity| entity.end == index + 1) { "]" } else { "" };
        format!("{begin}{}{end}", token.text().escape_debug().to_string().replace(' ', "␣"))
    });
    format!("{known}{}", tokens.collect::<Vec<_>>().join(" "))
}

/// The documents of a file, then what is said of it. Its account balances.
fn read_with(name: &str, text: &str, options: &ReadOptions) -> Result<Vec<String>, FormatError> {
    let tokenizer = tokenizer();
    let opened = Opened::of(Box::new(Cursor::new(text.as_bytes().to_vec())), Path::new(name), None)?;
    let mut reading = Reading::of(opened, &tokenizer, options)?;
    let mut lines: Vec<String> = Vec::new();
    for doc in reading.by_ref() {
        lines.push(doc.map_or_else(|error| format!("✘ {error}"), |doc| show(&doc)));
    }
    lines.extend(reading.messages.iter().map(ToString::to_string));
    let account = reading.into_account();
    assert!(account.is_balanced(), "{account:?}");
    lines.extend(account.messages().iter().map(ToString::to_string));
    Ok(lines)
}

#[track_caller]
fn check_with(name: &str, text: &str, options: &ReadOptions, expected: Expect) {
    let lines = read_with(name, text, options).unwrap_or_else(|error| vec![format!("✘ {error}")]);
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[track_caller]
fn check(name: &str, text: &str, expected: Expect) {
    check_with(name, text, &ReadOptions::default(), expected);
}

//! What spaCy reads, writes, overrides and merges.

use ner_config::{ConfigError, Document, Overrides, ResolvedConfig, Table, Value};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::rows;

/// A value of the golden data, where floats that JSON lacks are `{"non_finite_float": "nan"}`.
fn value(json: &Json) -> Value {
    match json {
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(table) => match table.get("non_finite_float") {
            Some(name) => Value::Float(name.as_str().unwrap().parse().unwrap()),
            None => Value::Table(table.iter().map(|(key, item)| (key.clone(), value(item))).collect()),
        },
        Json::Number(number) if number.to_string().contains("1.2345678901234568e+22") => {
            Value::Integer(12_345_678_901_234_567_890_123)
        }
        json => Value::deserialize(json).unwrap(),
    }
}

fn table(json: &Json) -> Table {
    value(json).as_table().unwrap().clone()
}

#[track_caller]
fn check(row: &Json, outcome: &str, found: Option<&Table>) {
    let expected = &row[outcome];
    match (expected["ok"].as_bool().unwrap(), found) {
        (true, Some(found)) => {
            assert_eq!(
                format!("{:?}", sorted(found)),
                format!("{:?}", sorted(&table(&expected["value"]))),
                "{row}"
            );
        }
        (false, None) => {}
        (_, found) => panic!("{outcome}: found {found:?} for {row}"),
    }
}

/// Without the order of keys; compared as text, where not-a-number equals itself.
fn sorted(table: &Table) -> Table {
    let mut table = table.clone();
    table.sort_unstable_keys();
    table.values_mut().filter_map(Value::as_table_mut).for_each(|child| *child = sorted(child));
    table
}

#[track_caller]
fn check_text(row: &Json, outcome: &str, found: Result<String, ConfigError>) {
    match (row[outcome]["value"].as_str(), found) {
        (Some(expected), Ok(found)) => assert_eq!(found, expected, "{row}"),
        (None, Err(_)) => {}
        (_, found) => panic!("{outcome}: found {found:?} for {row}"),
    }
}

#[test]
fn values_and_texts_are_read_as_spacy_reads_them() {
    for row in rows("config/values.jsonl").iter().chain(&rows("config/texts.jsonl")) {
        let text = row["text"].as_str().unwrap();
        check(row, "plain", Document::from_cfg_str(text).ok().as_ref().map(Document::root));
        check(
            row,
            "interpolated",
            ResolvedConfig::from_cfg_str(text).ok().as_ref().map(ResolvedConfig::root),
        );
    }
}

#[test]
fn texts_are_written_and_interpolated_later_as_spacy_does() {
    for row in rows("config/texts.jsonl").iter().filter(|row| row["plain"]["ok"] == true) {
        let plain = Document::from_cfg_str(row["text"].as_str().unwrap()).unwrap();
        check_text(row, "plain_to_str", plain.to_cfg_string());
        check(row, "plain_then_interpolate", plain.resolve().ok().as_ref().map(ResolvedConfig::root));
        if row["interpolated"]["ok"] == true {
            let resolved = ResolvedConfig::from_cfg_str(row["text"].as_str().unwrap()).unwrap();
            let written = Document::new(resolved.root().clone()).to_cfg_string();
            check_text(row, "interpolated_to_str", written);
        }
    }
}

#[test]
fn every_document_survives_toml() {
    for row in rows("config/texts.jsonl").iter().filter(|row| row["plain"]["ok"] == true) {
        let plain = Document::from_cfg_str(row["text"].as_str().unwrap()).unwrap();
        let toml = plain.to_toml_string().unwrap();
        assert_eq!(Document::from_toml_str(&toml).unwrap(), plain, "{toml}");
    }
}

#[test]
fn overrides_replace_values() {
    for row in rows("config/overrides.jsonl") {
        let overrides = Overrides::from(table(&row["overrides"]));
        let document =
            Document::from_cfg_str(row["text"].as_str().unwrap()).unwrap().with_overrides(&overrides);
        let resolved = document.as_ref().ok().and_then(|document| document.resolve().ok());
        check(&row, "interpolated", resolved.as_ref().map(ResolvedConfig::root));
        check(&row, "plain", document.as_ref().ok().map(Document::root));
    }
}

#[test]
fn arguments_and_environment_become_overrides() {
    for row in rows("config/cli_overrides.jsonl") {
        let args: Vec<String> = serde_json::from_value(row["args"].clone()).unwrap();
        let environment = Overrides::from_words(row["env"].as_str().unwrap());
        let overrides = environment.and_then(|stronger| Ok(Overrides::from_args(&args)?.and(stronger)));
        let expected = row["ok"].as_bool().unwrap().then(|| table(&row["value"]));
        assert_eq!(overrides.ok().map(|overrides| overrides.values().clone()), expected, "{row}");
    }
}

#[test]
fn updates_are_merged_over_a_base() {
    for row in rows("config/merge.jsonl") {
        let merged = Document::new(table(&row["base"])).merge(&Document::new(table(&row["updates"])));
        assert_eq!(merged, Document::new(table(&row["value"])), "{row}");
    }
}

use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use ner_formats::account::Account;
use ner_formats::{Format, FormatError, Opened, ReadOptions, Reading};
use ner_tokenizer::Tokenizer;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::super::support::tokenizer;

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(tokenizer);

/// Keys that a reader looks at, so that most values get behind the first question.
const KEYS: [&str; 44] = [
    "text",
    "tokens",
    "words",
    "spaces",
    "ws",
    "data",
    "content",
    "sentence",
    "raw",
    "entities",
    "spans",
    "ents",
    "label",
    "labels",
    "annotations",
    "annotation",
    "points",
    "ner_tags",
    "tags",
    "label_names",
    "start",
    "end",
    "start_offset",
    "end_offset",
    "token_start",
    "token_end",
    "value",
    "entity",
    "answer",
    "_view_id",
    "offsets",
    "result",
    "type",
    "was_cancelled",
    "predictions",
    "prediction",
    "fields",
    "responses",
    "rows",
    "row",
    "intent",
    "paragraphs",
    "sentences",
    "relations",
];

const TEXTS: [&str; 16] = [
    "Mira rows.",
    "👍 Mira",
    "",
    " ",
    "PER",
    "O",
    "B-PER",
    "I-PER",
    "accept",
    "reject",
    "ignore",
    "utf16",
    "ner",
    "spans_manual",
    "[[0, 4, \"PER\"]]",
    "labels",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        select(TEXTS.as_slice()).prop_map(Value::from),
        (-1..14_i64).prop_map(Value::from),
        select([json!(null), json!(true), json!(false), json!(4.0), json!(0.5), json!(u64::MAX)].to_vec()),
        // Spans in order, so that some become entities.
        (0..8_usize, 0..8_usize).prop_map(|(start, length)| json!([start, start + length, "PER"])),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array), object(inner),]
    })
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let members = prop::collection::vec((select(KEYS.as_slice()), inner), 0..5);
    members.prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A value, or a record with a text or words and perhaps spans and an answer.
fn record() -> impl Strategy<Value = Value> {
    let text = select(
        [
            json!({"text": "👍 Mira rows."}),
            json!({"tokens": ["👍", "Mira"]}),
            json!({"text": "Mira rows.", "tokens": ["Mira", "left"]}),
            json!({"text": "Mira rows.", "tokens": ["Mira", "rows", "."], "_view_id": "ner"}),
            json!({}),
        ]
        .to_vec(),
    );
    let span = (0..8_usize, 0..8_usize, select(vec!["accept", "reject", "ignore"])).prop_map(|(start, length, answer)| {
        json!({"start": start, "end": start + length, "label": ["PER", "GPE"], "answer": answer, "text": "Mira"})
    });
    let spans = prop::option::of(prop::collection::vec(span, 0..4).prop_map(Value::Array));
    let answer = prop::option::of(select(vec!["accept", "reject", "ignore"]).prop_map(Value::from));
    let with_text = (object(value()), text, spans, answer).prop_map(|(mut record, text, spans, answer)| {
        let members = text.as_object().into_iter().flatten();
        members.for_each(|(key, value)| record[key] = value.clone());
        spans.into_iter().for_each(|spans| record["spans"] = spans);
        answer.into_iter().for_each(|answer| record["answer"] = answer);
        record
    });
    prop_oneof![1 => value(), 3 => with_text]
}

fn read(text: &str, options: &ReadOptions) -> Result<Account, FormatError> {
    let bytes = Cursor::new(text.as_bytes().to_vec());
    let opened = Opened::of(Box::new(bytes), Path::new("a.json"), None)?;
    let mut reading = Reading::of(opened, &TOKENIZER, options)?;
    reading.by_ref().for_each(drop);
    Ok(reading.into_account())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_a_reader_panic_and_accounts_balance(
        records in prop::collection::vec(record(), 1..4),
        is_list: bool,
        skip_bad: bool,
    ) {
        let lines: Vec<String> = records.iter().map(Value::to_string).collect();
        let text = if is_list { format!("[{}]", lines.join(",\n")) } else { lines.join("\n") };
        let names = [
            "auto", "json", "json-spans", "label-studio", "doccano", "argilla", "prodigy", "dataturks", "rasa-json",
            "hugging-face", "jsonl",
        ];
        for name in names {
            let options = ReadOptions { format: Format::named(name), skip_bad, ..ReadOptions::default() };
            if let Ok(account) = read(&text, &options) {
                prop_assert!(account.is_balanced(), "{name}: {account:?}\n{text}");
            }
        }
    }
}

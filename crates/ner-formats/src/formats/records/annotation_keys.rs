use serde_json::{Map, Value};

use super::keys::{SPAN_KEYS, TAG_KEYS};

/// The keys that say how the spans are to be taken.
const BESIDE_SPANS: [&str; 3] = ["answer", "offsets", "unknown"];

/// The key under which annotation is kept apart from a prediction.
const GOLD: &str = "gold";

/// Moves what a record says of its entities below the key `gold`, so that a prediction can take its place: `{"gold":
/// {"entities": [..]}}`. Readers look for entities in the record itself, and refuse two lists of them.
///
/// A record that has `gold` already was predicted before: its `ents` are an older prediction, and are dropped.
pub fn take_annotation(record: &mut Map<String, Value>) {
    let has_tokens = record.get("tokens").is_some_and(Value::is_array);
    let mut gold = Map::new();
    if let Some(Value::Object(earlier)) = record.get_mut(GOLD) {
        gold = std::mem::take(earlier);
        record.shift_remove(GOLD);
        record.shift_remove("ents");
    }
    let is_annotation = |(key, value): &(&String, &Value)| {
        let key = key.to_ascii_lowercase();
        BESIDE_SPANS.contains(&&*key)
            || SPAN_KEYS.contains(&&*key) && (has_tokens && value.is_array() || is_spans(value))
            || TAG_KEYS.contains(&&*key) && has_tokens && value.is_array()
    };
    let keys: Vec<String> = record.iter().filter(is_annotation).map(|(key, _)| key.clone()).collect();
    for key in keys {
        let value = record.shift_remove(&key).unwrap_or_default();
        gold.entry(key).or_insert(value);
    }
    if !gold.is_empty() {
        // A field of this name that is something else keeps it, one level down.
        gold.extend(record.shift_remove(GOLD).map(|other| (GOLD.to_owned(), other)));
        record.insert(GOLD.to_owned(), gold.into());
    }
}

/// Whether a value may be a list of spans, or an object that holds one. A string is the class of the text, or Prodigy's
/// question, unless it is such a list out of a cell of a table.
fn is_spans(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| item.is_array() || item.is_object()),
        Value::Object(_) => true,
        Value::String(text) => text.trim_start().starts_with('['),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(record: Value, expected: Value) {
        let Value::Object(mut record) = record else { panic!("a record is an object") };
        take_annotation(&mut record);
        assert_eq!(Value::from(record), expected);
    }

    #[test]
    fn annotation_of_all_kinds_moves_and_other_fields_stay() {
        check(
            json!({"text": "a", "entities": [[0, 1, "X"]], "id": 1, "offsets": "bytes"}),
            json!({"text": "a", "id": 1, "gold": {"entities": [[0, 1, "X"]], "offsets": "bytes"}}),
        );
        check(
            json!({"text": "a", "spans": [], "answer": "accept", "label": "PERSON"}),
            json!({"text": "a", "label": "PERSON", "gold": {"spans": [], "answer": "accept"}}),
        );
        check(
            json!({"tokens": ["a"], "tags": ["O"], "ner_tags": [0]}),
            json!({"tokens": ["a"], "gold": {"tags": ["O"], "ner_tags": [0]}}),
        );
        check(
            json!({"text": "a", "tags": ["x"], "labels": ["sport"]}),
            json!({"text": "a", "tags": ["x"], "labels": ["sport"]}),
        );
    }

    #[test]
    fn an_older_prediction_gives_way_and_gold_stays() {
        check(
            json!({"text": "a", "ents": [], "gold": {"entities": [[0, 1, "X"]]}}),
            json!({"text": "a", "gold": {"entities": [[0, 1, "X"]]}}),
        );
        check(json!({"text": "a", "gold": 3}), json!({"text": "a", "gold": 3}));
        check(
            json!({"text": "a", "ents": [], "gold": 3}),
            json!({"text": "a", "gold": {"ents": [], "gold": 3}}),
        );
    }
}

//! Damages to JSON and JSON Lines.

use ner_cpython::PythonRandom;
use serde_json::{Deserializer, Value};

use super::good::Good;

/// The text, if it is JSON.
fn json(good: &Good) -> Option<&str> {
    good.text().filter(|text| text.trim_start().starts_with(['{', '[']))
}

/// One bracket, brace, quote, comma or colon, but none of a string, which is another one without it.
pub(super) fn drop_mark(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let text = json(good)?;
    let (mut is_in_string, mut is_escaped) = (false, false);
    let is_mark = |(place, c): (usize, char)| {
        let is_quote = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_in_string ^= is_quote;
        (is_quote || !is_in_string && "{}[],:".contains(c)).then_some(place)
    };
    let marks: Vec<usize> = text.char_indices().filter_map(is_mark).collect();
    let mut damaged = text.as_bytes().to_vec();
    damaged.remove(*random.choice(&marks)?);
    Some(damaged)
}

/// A key of annotation or text misspelled, or named as another tool does.
pub(super) fn rename_key(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    const RENAMES: [(&str, &str); 14] = [
        ("entities", "entites"),
        ("entities", "mentions"),
        ("spans", "span"),
        ("spans", "entity_spans"),
        ("label", "lable"),
        ("label", "ner_spans"),
        ("labels", "classes"),
        ("annotations", "anotations"),
        ("result", "results"),
        ("value", "values"),
        ("start", "from"),
        ("text", "txt"),
        ("ner", "nre"),
        ("tokens", "toks"),
    ];
    let text = json(good)?;
    let quoted = |key: &str| format!("\"{key}\":");
    let possible: Vec<_> = RENAMES.iter().filter(|(from, _)| text.contains(&quoted(from))).collect();
    let (from, to) = random.choice(&possible)?;
    Some(text.replace(&quoted(from), &quoted(to)).into_bytes())
}

/// Moves the spans.
pub(super) fn shift(good: &Good, start: i64, end: i64) -> Option<Vec<u8>> {
    change_spans(good, &|_, place, is_end| place + if is_end { end } else { start })
}

/// Counts the spans in another unit; `None` where that is the same, or no text is known.
pub(super) fn recount(good: &Good, length: fn(&str) -> usize) -> Option<Vec<u8>> {
    change_spans(good, &|text, place, _| match text.char_indices().nth(place as usize) {
        Some((end, _)) => length(&text[..end]) as i64,
        None => place + length(text) as i64 - text.chars().count() as i64,
    })
}

/// The new place of one in a text; true: of the end of a span.
type Change<'a> = &'a dyn Fn(&str, i64, bool) -> i64;

fn change_spans(good: &Good, change: Change<'_>) -> Option<Vec<u8>> {
    let values = Deserializer::from_str(json(good)?).into_iter::<Value>();
    let mut values: Vec<Value> = values.collect::<Result<_, _>>().ok()?;
    let before = values.clone();
    for value in &mut values {
        change_value(value, "", change);
    }
    let lines = |values: &[Value]| values.iter().map(|value| format!("{value}\n")).collect::<String>();
    (values != before).then(|| lines(&values).into_bytes())
}

/// Changes the spans in a value of a record whose text is `text`: lists of start, end and label, and objects of them.
fn change_value(value: &mut Value, text: &str, change: Change<'_>) {
    match value {
        Value::Array(list) => match list.as_mut_slice() {
            [Value::Number(_), Value::Number(_), Value::String(_)] => {
                list[0] = changed(&list[0], text, change, false);
                list[1] = changed(&list[1], text, change, true);
            }
            list => list.iter_mut().for_each(|value| change_value(value, text, change)),
        },
        Value::Object(object) => {
            let text = own_text(object).unwrap_or_else(|| text.to_owned());
            let is_span = object.contains_key("label") || object.contains_key("labels");
            for (key, value) in object {
                match key.as_str() {
                    "start" | "start_offset" if is_span => *value = changed(value, &text, change, false),
                    "end" | "end_offset" if is_span => *value = changed(value, &text, change, true),
                    _ => change_value(value, &text, change),
                }
            }
        }
        _ => {}
    }
}

/// The text of a record, which Label Studio keeps in an object of its own. That of a span is none.
fn own_text(object: &serde_json::Map<String, Value>) -> Option<String> {
    let holder = object.get("data").and_then(Value::as_object).unwrap_or(object);
    let text = holder.get("text").filter(|_| !object.contains_key("start"))?;
    text.as_str().map(str::to_owned)
}

fn changed(place: &Value, text: &str, change: Change<'_>, is_end: bool) -> Value {
    place.as_i64().map_or_else(|| place.clone(), |place| change(text, place, is_end).into())
}

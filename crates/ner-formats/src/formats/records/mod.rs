//! Records as JSON objects: text or tokens, with spans or tags.

mod annotation_keys;
mod writer;

use std::sync::Arc;

use ner_doc::Doc;
use ner_vocab::Vocab;
use serde_json::{Map, Value};

pub use annotation_keys::take_annotation;
pub use writer::JsonlWriter;

use crate::read::ReadOptions;
use crate::record::{Answer, Bounds, RawSpan, Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

/// The keys under which spans may stand: spaCy's, Prodigy's, displaCy's and doccano's.
const SPAN_KEYS: [&str; 4] = ["entities", "spans", "ents", "label"];

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    matches!(&sample.json, Some((_, Value::Object(record))) if record.contains_key("text") || record.contains_key("tokens"))
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let problem = |problem| FormatError::Record { place: place.clone(), problem };
    Ok(vec![record(place, value).map_err(problem)?])
}

fn record(place: &Place, value: &Value) -> Result<Record, RecordError> {
    let object = value.as_object().ok_or_else(|| unexpected("(record)", value, "an object"))?;
    let (words, own_spaces) = words(object)?;
    Ok(Record {
        text: string(object, "text")?,
        words,
        spaces: spaces(object)?.or(own_spaces),
        spans: spans(object)?,
        answer: answer(object)?,
        view_id: object.get("_view_id").and_then(Value::as_str).map(str::to_owned),
        ..Record::new(place.clone())
    })
}

/// The document of a record that has tokens; `None` if it has none. Spans are passed over.
pub fn tokens_of(record: &Value, place: &Place, vocab: &Arc<Vocab>) -> Result<Option<Doc>, RecordError> {
    let object = record.as_object().ok_or_else(|| unexpected("(record)", record, "an object"))?;
    let (words, own_spaces) = words(object)?;
    if words.is_none() {
        return Ok(None);
    }
    let spaces = spaces(object)?.or(own_spaces);
    let record = Record { text: string(object, "text")?, words, spaces, ..Record::new(place.clone()) };
    record.check()?;
    record.doc(vocab)
}

/// A key's value; null counts as absent.
fn present<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

fn string(object: &Map<String, Value>, key: &str) -> Result<Option<String>, RecordError> {
    present(object, key)
        .map(|value| value.as_str().map(str::to_owned).ok_or_else(|| unexpected(key, value, "a string")))
        .transpose()
}

fn list<'a>(object: &'a Map<String, Value>, key: &str) -> Result<Option<&'a Vec<Value>>, RecordError> {
    present(object, key)
        .map(|value| value.as_array().ok_or_else(|| unexpected(key, value, "a list")))
        .transpose()
}

/// The words, and the spaces after them if the tokens are Prodigy's objects and say so.
#[expect(clippy::type_complexity, reason = "two lists of one record, taken apart at once by the only caller")]
fn words(object: &Map<String, Value>) -> Result<(Option<Vec<String>>, Option<Vec<bool>>), RecordError> {
    let Some(tokens) = list(object, "tokens")? else { return Ok((None, None)) };
    let word = |token: &Value| {
        let text = token.as_str().or_else(|| token.get("text")?.as_str());
        text.map(str::to_owned)
            .ok_or_else(|| unexpected("tokens[..]", token, "a word or an object with \"text\""))
    };
    let words = tokens.iter().map(word).collect::<Result<_, _>>()?;
    let spaces = tokens.iter().map(|token| token.get("ws")?.as_bool()).collect();
    Ok((Some(words), spaces))
}

fn spaces(object: &Map<String, Value>) -> Result<Option<Vec<bool>>, RecordError> {
    let Some(spaces) = list(object, "spaces")? else { return Ok(None) };
    let space =
        |space: &Value| space.as_bool().ok_or_else(|| unexpected("spaces[..]", space, "true or false"));
    spaces.iter().map(space).collect::<Result<_, _>>().map(Some)
}

fn answer(object: &Map<String, Value>) -> Result<Option<Answer>, RecordError> {
    let Some(value) = present(object, "answer") else { return Ok(None) };
    match value.as_str() {
        Some("accept") => Ok(Some(Answer::Accept)),
        Some("reject") => Ok(Some(Answer::Reject)),
        Some("ignore") => Ok(Some(Answer::Ignore)),
        _ => Err(unexpected("answer", value, "\"accept\", \"reject\" or \"ignore\"")),
    }
}

fn spans(object: &Map<String, Value>) -> Result<Option<Vec<RawSpan>>, RecordError> {
    // Prodigy's `label` may be a string: what the question was about.
    let mut lists = SPAN_KEYS.into_iter().filter_map(|key| Some((key, present(object, key)?)));
    let mut lists = lists.by_ref().filter(|(key, value)| *key != "label" || value.is_array());
    let Some((key, value)) = lists.next() else { return Ok(None) };
    if let Some((other, _)) = lists.next() {
        return Err(RecordError::TwoSpanLists(key, other));
    }
    let spans = value.as_array().ok_or_else(|| unexpected(key, value, "a list of spans"))?;
    spans.iter().map(span).collect::<Result<_, _>>().map(Some)
}

const SPAN_FORM: &str = "[start, end, \"LABEL\"] or an object with \"start\", \"end\" and \"label\"";

fn span(value: &Value) -> Result<RawSpan, RecordError> {
    let span = match value {
        Value::Array(parts) => triple(parts),
        Value::Object(object) => span_object(object)?,
        _ => None,
    };
    span.ok_or_else(|| unexpected("a span", value, SPAN_FORM))
}

fn triple(parts: &[Value]) -> Option<RawSpan> {
    let [start, end, label, more @ ..] = parts else { return None };
    let text = more.first().and_then(Value::as_str).map(str::to_owned);
    Some(RawSpan { text, ..RawSpan::new(index(start)?, index(end)?, label.as_str()?) })
}

fn span_object(object: &Map<String, Value>) -> Result<Option<RawSpan>, RecordError> {
    let number = |key| object.get(key).and_then(index);
    let bounds = match (number("start"), number("end"), number("token_start"), number("token_end")) {
        (Some(start), Some(end), _, _) => Bounds::Own(start, end),
        // Prodigy names the last token, not the one after it.
        (_, _, Some(first), Some(last)) => Bounds::Tokens(first, last + 1),
        _ => return Ok(None),
    };
    let tokens = number("token_start").zip(number("token_end")).map(|(first, last)| (first, last + 1));
    let Some(label) = string(object, "label")? else { return Ok(None) };
    let [kb_id, id] =
        ["kb_id", "id"].map(|key| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned());
    let text = string(object, "text")?.or(string(object, "value")?);
    Ok(Some(RawSpan { bounds, tokens, label, kb_id, id, text, answer: answer(object)? }))
}

fn index(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok().filter(|&index| index < u32::MAX as usize)
}

fn unexpected(key: &str, found: &Value, expected: &'static str) -> RecordError {
    let mut found = found.to_string();
    if let Some((end, _)) = found.char_indices().nth(80) {
        found.truncate(end);
        found.push('…');
    }
    RecordError::Unexpected { key: key.to_owned(), found, expected }
}

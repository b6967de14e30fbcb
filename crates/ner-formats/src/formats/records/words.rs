use serde_json::Value;

use super::values::{Object, index, list, present, string, unexpected};
use crate::record::{Record, RecordError};

/// The keys beside `text` under which a text may stand, where only one of them does.
const TEXT_KEYS: [&str; 3] = ["sentence", "content", "data"];

/// Whether an object has a text or words, as records have.
pub(super) fn has_text(object: &Object) -> bool {
    ["text", "tokens", "words"].iter().any(|key| object.contains_key(*key)) || other_text(object).is_some()
}

/// Sets the text and the words of a record.
pub(super) fn set_text(record: &mut Record, object: &Object) -> Result<(), RecordError> {
    record.text = string(object, "text")?;
    let has_spaces = set_words(record, object)?;
    if record.text.is_none() && record.words.is_none() {
        record.text = other_text(object).map(str::to_owned);
    }
    if let (None, None, Some(null)) = (&record.text, &record.words, object.get("text")) {
        return Err(unexpected("text", null, "a string; leave records without text out"));
    }
    record.spaces = spaces(object)?.or(has_spaces);
    Ok(())
}

/// A text under a key that may be one: doccano's `data`, Label Studio's `data.text`, `sentence`, `content`.
fn other_text(object: &Object) -> Option<&str> {
    let mut texts = TEXT_KEYS.into_iter().filter_map(|key| match present(object, key)? {
        Value::String(text) => Some(text.as_str()),
        Value::Object(nested) => nested.get("text")?.as_str(),
        _ => None,
    });
    texts.next().filter(|_| texts.next().is_none())
}

/// Sets the words. Returns the spaces after them if the tokens are Prodigy's objects and say so.
fn set_words(record: &mut Record, object: &Object) -> Result<Option<Vec<bool>>, RecordError> {
    let key = if present(object, "tokens").is_some() { "tokens" } else { "words" };
    let Some(tokens) = list(object, key)? else { return Ok(None) };
    let slices = record.text.as_deref().filter(|_| tokens.iter().any(|token| token.get("text").is_none()));
    let slices = slices.and_then(|text| token_slices(text, tokens));
    record.words = Some(match slices {
        Some(words) => words,
        None => tokens.iter().map(word).collect::<Result<_, _>>()?,
    });
    Ok(tokens.iter().map(|token| token.get("ws")?.as_bool()).collect())
}

fn word(token: &Value) -> Result<String, RecordError> {
    let text = token.as_str().or_else(|| token.get("text")?.as_str());
    text.map(str::to_owned)
        .ok_or_else(|| unexpected("tokens[..]", token, "a word or an object with \"text\""))
}

/// The words of tokens that are offsets into the text, as `Doc.to_json` of spaCy writes them.
fn token_slices(text: &str, tokens: &[Value]) -> Option<Vec<String>> {
    let mut chars = text.chars();
    let mut at = 0;
    let slice = |token: &Value| {
        let (start, end) = (index(token.get("start")?)?, index(token.get("end")?)?);
        // In order and apart; what lies between tokens is left for the layout of words in the text to judge.
        let before = start.checked_sub(at)?;
        at = start.max(end);
        let length = end.checked_sub(start)?;
        let word: String = chars.by_ref().skip(before).take(length).collect();
        Some(word)
    };
    tokens.iter().map(slice).collect()
}

fn spaces(object: &Object) -> Result<Option<Vec<bool>>, RecordError> {
    let Some(spaces) = list(object, "spaces")? else { return Ok(None) };
    let space =
        |space: &Value| space.as_bool().ok_or_else(|| unexpected("spaces[..]", space, "true or false"));
    spaces.iter().map(space).collect::<Result<_, _>>().map(Some)
}

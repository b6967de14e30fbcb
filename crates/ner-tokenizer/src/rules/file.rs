//! spaCy's `tokenizer` file: a MessagePack map of patterns and special cases.

use rmpv::Value;
use rmpv::decode::read_value;

use crate::TokenizerError;
use crate::pattern::Pattern;
use crate::rules::{Rules, SpecialCases};
use crate::special_case::{SpecialCase, SpecialToken};

/// Attributes are written as their numbers.
const ORTH: u64 = 65;
const NORM: u64 = 67;

/// Reads and compiles the rules.
pub(crate) fn read(mut bytes: &[u8]) -> Result<Rules, TokenizerError> {
    let value = read_value(&mut bytes).map_err(|error| not_message_pack(error.to_string()))?;
    if !bytes.is_empty() {
        return Err(not_message_pack(format!("{} bytes follow the value", bytes.len())));
    }
    let file = map("the file", &value)?;
    Ok(Rules {
        prefix_search: pattern(file, "prefix_search")?,
        suffix_search: pattern(file, "suffix_search")?,
        infix_finditer: pattern(file, "infix_finditer")?,
        token_match: pattern(file, "token_match")?,
        url_match: pattern(file, "url_match")?,
        exceptions: exceptions(file)?,
        faster_heuristics: faster_heuristics(file)?,
    })
}

/// Writes the rules as spaCy does, byte for byte.
pub(crate) fn write(rules: &Rules) -> Vec<u8> {
    let pattern =
        |pattern: &Option<Pattern>| pattern.as_ref().map_or(Value::Nil, |pattern| pattern.source().into());
    let exceptions = rules.exceptions.sorted();
    let exceptions = exceptions
        .into_iter()
        .map(|(text, case)| (text.into(), case.tokens().iter().map(token_value).collect()));
    // spaCy: keys stand in this order (tokenizer.pyx).
    let file = Value::Map(vec![
        ("prefix_search".into(), pattern(&rules.prefix_search)),
        ("suffix_search".into(), pattern(&rules.suffix_search)),
        ("infix_finditer".into(), pattern(&rules.infix_finditer)),
        ("token_match".into(), pattern(&rules.token_match)),
        ("url_match".into(), pattern(&rules.url_match)),
        ("exceptions".into(), Value::Map(exceptions.collect())),
        ("faster_heuristics".into(), rules.faster_heuristics.into()),
    ]);
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &file).expect("writing to memory does not fail");
    bytes
}

fn token_value(token: &SpecialToken) -> Value {
    let orth = (ORTH.into(), token.orth.as_str().into());
    let norm = token.norm.as_deref().map(|norm| (NORM.into(), norm.into()));
    Value::Map(std::iter::once(orth).chain(norm).collect())
}

/// The value of a key; nil counts as absent, and of a key that is there twice the last one holds.
fn get<'v>(file: &'v [(Value, Value)], key: &str) -> Option<&'v Value> {
    let entry = file.iter().rev().find(|(name, _)| name.as_str() == Some(key));
    entry.map(|(_, value)| value).filter(|value| !value.is_nil())
}

fn pattern(file: &[(Value, Value)], key: &'static str) -> Result<Option<Pattern>, TokenizerError> {
    let Some(value) = get(file, key) else { return Ok(None) };
    let source = value.as_str().ok_or_else(|| malformed(key, value, "a string"))?;
    Pattern::new(source).map(Some).map_err(|error| TokenizerError::pattern(key, error))
}

/// Files that were written before spaCy 3.6 do not have the key.
fn faster_heuristics(file: &[(Value, Value)]) -> Result<bool, TokenizerError> {
    let Some(value) = get(file, "faster_heuristics") else { return Ok(true) };
    value.as_bool().ok_or_else(|| malformed("faster_heuristics", value, "true or false"))
}

fn exceptions(file: &[(Value, Value)]) -> Result<SpecialCases, TokenizerError> {
    let mut cases = SpecialCases::default();
    let Some(value) = get(file, "exceptions") else { return Ok(cases) };
    for (text, tokens) in map("exceptions", value)? {
        let text = text.as_str().ok_or_else(|| malformed("a key of exceptions", text, "a string"))?;
        let place = || format!("exceptions[`{text}`]");
        let tokens = tokens.as_array().ok_or_else(|| malformed(&place(), tokens, "a list"))?;
        let tokens = tokens
            .iter()
            .map(|token| special_token(text, map(&place(), token)?))
            .collect::<Result<_, _>>()?;
        // Checked: tokens of a damaged file that do not make up the text would change that of documents.
        cases.insert(text, SpecialCase::new(text, tokens)?);
    }
    Ok(cases)
}

fn special_token(text: &str, attributes: &[(Value, Value)]) -> Result<SpecialToken, TokenizerError> {
    let (mut orth, mut norm) = (None, None);
    for (attribute, value) in attributes {
        // spaCy: writes attributes as they were given to it, as numbers or as names (tokenizer.pyx).
        let slot = match (attribute.as_u64(), attribute.as_str()) {
            (Some(ORTH), _) | (_, Some("ORTH" | "orth")) => &mut orth,
            (Some(NORM), _) | (_, Some("NORM" | "norm")) => &mut norm,
            _ => {
                let attribute = attribute.as_str().map_or_else(|| attribute.to_string(), str::to_owned);
                return Err(TokenizerError::SpecialCaseAttribute { text: text.to_owned(), attribute });
            }
        };
        let string =
            value.as_str().ok_or_else(|| malformed(&format!("exceptions[`{text}`]"), value, "a string"))?;
        *slot = Some(string.to_owned());
    }
    let orth = orth.ok_or_else(|| TokenizerError::SpecialCaseOrth { text: text.to_owned() })?;
    Ok(SpecialToken { orth, norm })
}

fn map<'v>(place: &str, value: &'v Value) -> Result<&'v [(Value, Value)], TokenizerError> {
    value.as_map().map(Vec::as_slice).ok_or_else(|| malformed(place, value, "a map"))
}

fn not_message_pack(problem: String) -> TokenizerError {
    TokenizerError::NotMessagePack { problem }
}

fn malformed(place: &str, value: &Value, expected: &'static str) -> TokenizerError {
    let found = match value {
        Value::Nil => "nil",
        Value::Boolean(_) => "true or false",
        Value::Integer(_) => "an integer",
        Value::F32(_) | Value::F64(_) => "a float",
        Value::String(_) => "a string that is not UTF-8, or in the wrong place",
        Value::Binary(_) => "bytes",
        Value::Array(_) => "a list",
        Value::Map(_) => "a map",
        Value::Ext(..) => "an extension value",
    };
    TokenizerError::Malformed { place: place.to_owned(), found, expected }
}

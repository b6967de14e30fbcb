use serde_json::{Map, Value};

use crate::HubError;

/// The settings of a `config.json`, read key by key.
pub(super) struct Settings<'a> {
    map: &'a Map<String, Value>,
}

/// Above any encoder that was ever trained. A vocabulary or width beyond is damage; as a bound it keeps products of two
/// sizes within 64 bits.
const MAX_SIZE: u64 = 1 << 31;

impl<'a> Settings<'a> {
    pub(super) fn new(config: &'a Value) -> Result<Settings<'a>, HubError> {
        match config {
            Value::Object(map) => Ok(Settings { map }),
            other => Err(HubError::content(
                described(other),
                "the settings of an encoder as a JSON object",
                "get config.json of the encoder again",
            )),
        }
    }

    /// The first of two keys that is there: some settings go by two names.
    pub(super) fn key_of(&self, name: &'static str, alias: &'static str) -> &'static str {
        if self.map.contains_key(alias) { alias } else { name }
    }

    pub(super) fn size(&self, key: &str, default: usize) -> Result<usize, HubError> {
        self.bounded(key, default, 1)
    }

    pub(super) fn size_or_zero(&self, key: &str, default: usize) -> Result<usize, HubError> {
        self.bounded(key, default, 0)
    }

    fn bounded(&self, key: &str, default: usize, least: u64) -> Result<usize, HubError> {
        match self.map.get(key) {
            None => Ok(default),
            Some(value) => match value.as_u64().filter(|size| (least..MAX_SIZE).contains(size)) {
                Some(size) => Ok(size as usize),
                None => Err(self.wrong(key, format!("a whole number of {least} or more"), BROKEN)),
            },
        }
    }

    /// A share of numbers that dropout sets to zero.
    pub(super) fn rate(&self, key: &str, default: f64) -> Result<f64, HubError> {
        let rate = self.number(key, default)?;
        match (0.0..1.0).contains(&rate) {
            true => Ok(rate),
            false => Err(self.wrong(key, "a rate from 0 to below 1", BROKEN)),
        }
    }

    pub(super) fn number(&self, key: &str, default: f64) -> Result<f64, HubError> {
        match self.map.get(key) {
            None => Ok(default),
            Some(value) => match value.as_f64().filter(|number| number.is_finite() && *number >= 0.0) {
                Some(number) => Ok(number),
                None => Err(self.wrong(key, "a number that is not negative", BROKEN)),
            },
        }
    }

    pub(super) fn text(&self, key: &str, default: &'a str) -> Result<&'a str, HubError> {
        match self.map.get(key) {
            None => Ok(default),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(self.wrong(key, "a text", BROKEN)),
        }
    }

    /// Makes sure that a setting is one of those that change nothing, or is not there.
    pub(super) fn refuse(&self, key: &str, harmless: &[Value], mend: &str) -> Result<(), HubError> {
        match self.map.get(key) {
            Some(value) if !value.is_null() && !harmless.contains(value) => {
                let expected: Vec<_> = harmless.iter().map(Value::to_string).collect();
                let expected = if expected.is_empty() { "none".to_owned() } else { expected.join(" or ") };
                Err(self.wrong(key, expected, mend))
            }
            _ => Ok(()),
        }
    }

    /// The error that a setting has another value than expected.
    pub(super) fn wrong(&self, key: &str, expected: impl Into<String>, mend: impl Into<String>) -> HubError {
        HubError::Setting {
            key: key.to_owned(),
            found: self.map.get(key).map_or("nothing".to_owned(), described),
            expected: expected.into(),
            mend: mend.into(),
        }
    }
}

/// What to do about a setting that no encoder has.
pub(super) const BROKEN: &str =
    "the file is damaged or edited; get it again from where the encoder came from";

/// A value as it stands in the file, unless it is long.
fn described(value: &Value) -> String {
    const MAX_CHARS: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

use std::{fmt, iter};

use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::hints::{did_you_mean, excerpt, nearest, slip};
use crate::{ConfigError, Table, Value};

/// The name of the newtype as which a [`crate::Block`] is read.
///
/// serde gives a type no access to the place of its value, and a block has to know its path. So a newtype of this name
/// is read as a map with one pair, the path and the value.
pub(crate) const BLOCK: &str = "$ner_config::Block";

/// A value and its path, from which serde reads a strict struct.
#[derive(Clone)]
pub(crate) struct At<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> At<'a> {
    pub(crate) fn new(path: &str, value: &'a Value) -> At<'a> {
        At { path: path.to_owned(), value }
    }

    fn child(&self, key: impl fmt::Display, value: &'a Value) -> At<'a> {
        let separator = if self.path.is_empty() { "" } else { "." };
        At { path: format!("{}{separator}{key}", self.path), value }
    }
}

/// Why a value does not fit a struct, and the path of the value.
#[derive(Debug)]
pub(crate) struct ReadError {
    path: Option<String>,
    message: String,
}

impl ReadError {
    fn at(mut self, path: &str) -> ReadError {
        // The innermost place is the first to be set, and the one that the user has to look at.
        self.path.get_or_insert_with(|| path.to_owned());
        self
    }

    pub(crate) fn into_config_error(self, path: &str) -> ConfigError {
        ConfigError::Value { path: self.path.unwrap_or_else(|| path.to_owned()), message: self.message }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> ReadError {
        ReadError { path: None, message: message.to_string() }
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> ReadError {
        let slip = match found {
            Unexpected::Str(text) => slip(text).map(|slip| format!("; {slip}")),
            _ => None,
        };
        let (expected, found) = (in_words(expected), found_in_words(found));
        ReadError::custom(format_args!("expected {expected}, found {found}{}", slip.unwrap_or_default()))
    }

    fn invalid_value(found: Unexpected, expected: &dyn Expected) -> ReadError {
        ReadError::invalid_type(found, expected)
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> ReadError {
        let hint = did_you_mean(nearest(found, expected.iter().copied()));
        let expected = expected.join(", ");
        ReadError::custom(format_args!("expected one of {expected}, found `{}`{hint}", excerpt(found)))
    }

    fn unknown_field(found: &str, expected: &'static [&'static str]) -> ReadError {
        let hint = did_you_mean(nearest(found, expected.iter().copied()));
        ReadError::custom(format_args!("unexpected key `{found}`{hint}; known: {}", expected.join(", ")))
    }

    fn missing_field(field: &'static str) -> ReadError {
        ReadError::custom(format_args!("missing key `{field}`"))
    }
}

/// serde's expectation in the words of a config, without the names of Rust's types.
fn in_words(expected: &dyn Expected) -> String {
    match expected.to_string().as_str() {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "an integer from 0".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "an integer".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a sequence" => "a list".to_owned(),
        expected if expected.starts_with("struct") || expected == "a map" => "a section".to_owned(),
        expected => expected.to_owned(),
    }
}

fn found_in_words(found: Unexpected) -> String {
    match found {
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Map => "a section".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Bool(truth) => truth.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Float(number) => Value::Float(number).to_string(),
        Unexpected::Str(text) => format!("\"{}\"", excerpt(text)),
        other => other.to_string(),
    }
}

impl<'de> Deserializer<'de> for At<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Integer(number) => visit_integer(*number, visitor),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(Items { at: self.clone(), items, index: 0 }),
            Value::Table(table) => visitor.visit_map(Pairs { at: self.clone(), table, index: 0 }),
        };
        result.map_err(|error| error.at(&self.path))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name != BLOCK {
            return visitor.visit_newtype_struct(self);
        }
        let with_path = iter::once((self.path.clone(), self.clone()));
        visitor.visit_map(MapDeserializer::new(with_path)).map_err(|error| error.at(&self.path))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let Value::String(name) = self.value else {
            let message = format_args!("expected a name, found {}", self.value.kind());
            return Err(ReadError::custom(message).at(&self.path));
        };
        let variant: StrDeserializer<ReadError> = name.as_str().into_deserializer();
        visitor.visit_enum(variant).map_err(|error| error.at(&self.path))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The narrowest visit, since most numbers refuse the widest.
fn visit_integer<'de, V: Visitor<'de>>(number: i128, visitor: V) -> Result<V::Value, ReadError> {
    if let Ok(number) = i64::try_from(number) {
        visitor.visit_i64(number)
    } else if let Ok(number) = u64::try_from(number) {
        visitor.visit_u64(number)
    } else {
        visitor.visit_i128(number)
    }
}

impl<'de> IntoDeserializer<'de, ReadError> for At<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> At<'de> {
        self
    }
}

struct Items<'a> {
    at: At<'a>,
    items: &'a [Value],
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let Some(item) = self.items.get(self.index) else { return Ok(None) };
        let at = self.at.child(self.index, item);
        self.index += 1;
        let path = at.path.clone();
        seed.deserialize(at).map(Some).map_err(|error| error.at(&path))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.index)
    }
}

struct Pairs<'a> {
    at: At<'a>,
    table: &'a Table,
    index: usize,
}

impl<'de> MapAccess<'de> for Pairs<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, _)) = self.table.get_index(self.index) else { return Ok(None) };
        let key: StrDeserializer<ReadError> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let (key, value) = self.table.get_index(self.index).expect("a key was given for this index");
        self.index += 1;
        let at = self.at.child(key, value);
        let path = at.path.clone();
        seed.deserialize(at).map_err(|error| error.at(&path))
    }
}

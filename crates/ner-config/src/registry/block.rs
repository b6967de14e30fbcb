use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::deserialize::{At, BLOCK};
use crate::hints::{excerpt, slip};
use crate::{ConfigError, Kind, Table, Value};

/// A section that is not built yet, and its path: the type of an argument that names a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    path: String,
    table: Table,
}

impl Block {
    /// The block `table` at the dotted `path`.
    pub fn new(path: impl Into<String>, table: Table) -> Block {
        Block { path: path.into(), table }
    }

    /// A block that names the function `name` of `kind` and gives no arguments, as a default in a config struct.
    pub fn function(kind: Kind, name: &str) -> Block {
        Block::new("", Table::from_iter([(kind.key().to_owned(), name.into())]))
    }

    /// The same block with one more argument.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Block {
        self.table.insert(key.to_owned(), value.into());
        self
    }

    /// Its path in the document, such as `components.ner.model`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name of the function and the arguments, as written.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The kind and name of the function that this block names, if it names one.
    pub fn named(&self) -> Option<(Kind, &str)> {
        self.table.iter().find_map(|(key, name)| Some((Kind::from_key(key)?, name.as_str()?)))
    }

    /// The whole block read as a strict struct; for sections that name no function.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        read(&self.path, self.table.clone())
    }

    /// The arguments alone, without the name of the function, read as a strict struct.
    pub(crate) fn read_arguments<T: DeserializeOwned>(&self, kind: Kind) -> Result<T, ConfigError> {
        let mut table = self.table.clone();
        table.shift_remove(kind.key());
        read(&self.path, table)
    }
}

fn read<T: DeserializeOwned>(path: &str, table: Table) -> Result<T, ConfigError> {
    T::deserialize(At::new(path, &Value::Table(table))).map_err(|error| error.into_config_error(path))
}

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.table.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Block, D::Error> {
        deserializer.deserialize_newtype_struct(BLOCK, BlockVisitor)
    }
}

struct BlockVisitor;

impl<'de> Visitor<'de> for BlockVisitor {
    type Value = Block;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a block")
    }

    /// From a document: the value, under its path.
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Block, A::Error> {
        match access.next_entry()?.ok_or_else(|| A::Error::invalid_length(0, &self))? {
            (path, Value::Table(table)) => Ok(Block { path, table }),
            (_, other) => Err(A::Error::custom(format_args!("expected a block, found {}", found(&other)))),
        }
    }

    /// From any other format, which knows no paths.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Block, D::Error> {
        Ok(Block { path: String::new(), table: Table::deserialize(deserializer)? })
    }
}

/// A value of the wrong type in words: a text itself, with what is wrong with it.
fn found(value: &Value) -> String {
    match value.as_str() {
        Some(text) => {
            let slip = slip(text).map(|slip| format!("; {slip}"));
            format!("\"{}\"{}", excerpt(text), slip.unwrap_or_default())
        }
        None => value.kind().to_owned(),
    }
}

impl JsonSchema for Block {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Block".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "title": "block" })
    }
}

/// An argument that is a number, or a block that gives one number after another, such as a schedule.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberOrBlock {
    /// The same number each time.
    Number(f64),
    /// A function block.
    Block(Block),
}

impl Serialize for NumberOrBlock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            NumberOrBlock::Number(number) => number.serialize(serializer),
            NumberOrBlock::Block(block) => block.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for NumberOrBlock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NumberOrBlock, D::Error> {
        deserializer.deserialize_newtype_struct(BLOCK, NumberOrBlockVisitor)
    }
}

struct NumberOrBlockVisitor;

impl NumberOrBlockVisitor {
    fn choose<E: Error>(path: String, value: Value) -> Result<NumberOrBlock, E> {
        match value {
            Value::Integer(number) => Ok(NumberOrBlock::Number(number as f64)),
            Value::Float(number) => Ok(NumberOrBlock::Number(number)),
            Value::Table(table) => Ok(NumberOrBlock::Block(Block { path, table })),
            other => Err(E::custom(format_args!("expected a number or a block, found {}", found(&other)))),
        }
    }
}

impl<'de> Visitor<'de> for NumberOrBlockVisitor {
    type Value = NumberOrBlock;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a block")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<NumberOrBlock, A::Error> {
        let (path, value) = access.next_entry()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        NumberOrBlockVisitor::choose(path, value)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<NumberOrBlock, D::Error> {
        NumberOrBlockVisitor::choose(String::new(), Value::deserialize(deserializer)?)
    }
}

impl JsonSchema for NumberOrBlock {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NumberOrBlock".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "title": "number or block" })
    }
}

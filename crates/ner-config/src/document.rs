use crate::{Block, ConfigError, Table, Value};
use serde::de::DeserializeOwned;

/// A configuration: an ordered tree of sections and values.
///
/// A key is addressed by its dotted path, such as `training.optimizer.learn_rate`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    root: Table,
}

impl Document {
    /// The document with the sections `root`.
    pub fn new(root: Table) -> Self {
        Document { root }
    }

    /// All top-level sections.
    pub fn root(&self) -> &Table {
        &self.root
    }

    /// All top-level sections, to change.
    pub fn root_mut(&mut self) -> &mut Table {
        &mut self.root
    }

    /// The value at a dotted path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let first = self.root.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.as_table()?.get(key))
    }

    /// Puts `value` at a dotted path, and makes the sections that lead there. A value that stands in the way of a
    /// section is replaced.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let (sections, key) = path.rsplit_once('.').unwrap_or(("", path));
        let mut table = &mut self.root;
        for section in sections.split('.').filter(|section| !section.is_empty()) {
            let node = table.entry(section.to_owned()).or_insert_with(|| Table::new().into());
            if node.as_table().is_none() {
                *node = Table::new().into();
            }
            table = node.as_table_mut().expect("made a table just now");
        }
        table.insert(key.to_owned(), value.into());
    }

    /// The section at a dotted path, as a block to build or to read. Fails if there is none.
    pub fn block(&self, path: &str) -> Result<Block, ConfigError> {
        match self.get(path) {
            Some(Value::Table(table)) => Ok(Block::new(path, table.clone())),
            found => {
                let found = found.map_or("nothing", Value::kind);
                Err(ConfigError::Value {
                    path: path.to_owned(),
                    message: format!("expected a section, found {found}"),
                })
            }
        }
    }

    /// The section at a dotted path, read as a strict struct.
    pub fn section<T: DeserializeOwned>(&self, path: &str) -> Result<T, ConfigError> {
        self.block(path)?.read()
    }

    /// This document, with everything that `updates` says instead. A block that names another function than here
    /// takes none of the arguments from here. The keys of `updates` come first.
    pub fn merge(&self, updates: &Document) -> Document {
        let mut merged = updates.root.clone();
        fill_from(&mut merged, &self.root);
        Document { root: merged }
    }
}

/// Adds to `table` what only `defaults` has.
pub(crate) fn fill_from(table: &mut Table, defaults: &Table) {
    for (key, default) in defaults {
        let Value::Table(default) = default else {
            table.entry(key.clone()).or_insert_with(|| default.clone());
            continue;
        };
        let node = table.entry(key.clone()).or_insert_with(|| Table::new().into());
        if let Value::Table(node) = node
            && function_reference(node).is_none_or(|(key, name)| default.get(key) == Some(name))
        {
            fill_from(node, default);
        }
    }
}

/// The first key that starts with `@`, and its value.
fn function_reference(table: &Table) -> Option<(&String, &Value)> {
    table.iter().find(|(key, _)| key.starts_with('@'))
}

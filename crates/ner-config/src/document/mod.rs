mod interpolation;
mod overrides;
mod places;
mod read;
mod resolved;
mod syntax;

use std::path::Path;

pub use overrides::Overrides;
pub use resolved::ResolvedConfig;

use crate::{ConfigError, Table, Value, path};
use places::Places;
use syntax::sections::{Sections, interpret};
use syntax::{cfg, json, toml};

/// A configuration: an ordered tree of sections and values.
///
/// A key is addressed by its dotted path, such as `training.optimizer.learn_rate`. Two documents are equal if they hold
/// the same, wherever it stood.
#[derive(Clone, Debug, Default)]
pub struct Document {
    root: Table,
    places: Places,
}

impl PartialEq for Document {
    fn eq(&self, other: &Document) -> bool {
        self.root == other.root
    }
}

impl Document {
    /// The document with the sections `root`.
    pub fn new(root: Table) -> Document {
        Document { root, places: Places::default() }
    }

    /// Reads the text of a `.cfg` file and keeps its variables (`${paths.train}`).
    pub fn from_cfg_str(text: &str) -> Result<Document, ConfigError> {
        let sections = cfg::parse(text)?;
        Ok(Document { root: sections.tree(|_, _, value| interpret(&value.text)), places: sections.places() })
    }

    /// Reads the text of a TOML file and keeps its variables. The string `"null"` is null.
    pub fn from_toml_str(text: &str) -> Result<Document, ConfigError> {
        let (root, places) = toml::parse(text)?;
        Ok(Document { root, places })
    }

    /// Reads the text of a JSON file, an object of sections, and keeps its variables.
    pub fn from_json_str(text: &str) -> Result<Document, ConfigError> {
        let (root, places) = json::parse_document(text)?;
        Ok(Document { root, places })
    }

    /// This document with the values of another one, made of it.
    pub(crate) fn replaced(&self, values: Document) -> Document {
        Document { places: self.places.clone(), ..values }
    }

    /// The same document with the file that its lines are in.
    fn of_file(self, file: &Path) -> Document {
        Document { places: self.places.of_file(file), ..self }
    }

    /// An error in this document or in something that was built of it, with the file and the line of the value.
    pub fn locate(&self, error: ConfigError) -> ConfigError {
        self.places.locate(error)
    }

    /// The text of a `.cfg` file, upper levels first, without a newline at the end, as spaCy writes it. Fails if a
    /// section has a name that `.cfg` cannot hold, or a value an unclosed `${`.
    ///
    /// Each `$` that begins no variable is doubled, for a reader that replaces variables.
    // spaCy: doubles it also where the document still has its variables, so a `$$` of the file becomes `$$$$`.
    pub fn to_cfg_string(&self) -> Result<String, ConfigError> {
        Ok(Sections::from_tree(&self.root)?.write())
    }

    /// The text of a TOML file, each section before its subsections. Null is the string `"null"`. Fails if an
    /// integer does not fit 64 bits.
    pub fn to_toml_string(&self) -> Result<String, ConfigError> {
        toml::write(&self.root)
    }

    /// All top-level sections.
    pub fn root(&self) -> &Table {
        &self.root
    }

    /// The value at a dotted path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        path::find(&self.root, path)
    }

    /// Puts `value` at a dotted path, and makes the sections that lead there. A value that stands in the way of a
    /// section is replaced.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        path::set(&mut self.root, path, value.into());
        self.places.forget(path);
    }

    /// This document with the values of `updates` in place of its own. A block of `updates` that names another function
    /// than the one here takes none of the arguments from here. The keys of `updates` come first.
    pub fn merge(&self, updates: &Document) -> Document {
        let mut merged = updates.root.clone();
        fill_from(&mut merged, &self.root);
        Document { root: merged, places: updates.places.clone() }
    }
}

/// Adds to `table` the values that only `defaults` has.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ResolvedConfig;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Value> {
        let numbers =
            prop_oneof![any::<i64>().prop_map(Value::from), any::<f32>().prop_map(|n| f64::from(n).into())];
        let texts = "[ \"'a-z0-9éß😀\n\t\\\\{}\\[\\]=:#]{0,8}|\"{0,2}null\"{0,2}";
        let leaves = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            numbers,
            texts.prop_map(Value::from)
        ];
        leaves.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                prop::collection::vec(("[@a-zA-Z0-9_. =\"é*-]{0,5}", inner), 0..5)
                    .prop_map(|pairs| Value::Table(pairs.into_iter().collect())),
            ]
        })
    }

    fn documents() -> impl Strategy<Value = Document> {
        let section = prop::collection::vec(("[@a-z_]{1,6}", values()), 0..6);
        prop::collection::vec(("[a-z]{1,6}", section), 0..5).prop_map(|sections| {
            let table = |pairs: Vec<(String, Value)>| Value::Table(pairs.into_iter().collect());
            Document::new(sections.into_iter().map(|(name, pairs)| (name, table(pairs))).collect())
        })
    }

    proptest! {
        #[test]
        fn both_syntaxes_keep_everything(document in documents()) {
            let toml = document.to_toml_string().unwrap();
            prop_assert_eq!(&Document::from_toml_str(&toml).unwrap(), &document, "{}", toml);
            let cfg = document.to_cfg_string().unwrap();
            prop_assert_eq!(&Document::from_cfg_str(&cfg).unwrap(), &document, "{}", cfg);
            let resolved = document.resolve().unwrap();
            prop_assert_eq!(resolved.root(), document.root(), "{}", cfg);
        }

        #[test]
        fn no_text_is_too_strange(text in "([\\[\\]a-c.*=:${}\"', 1]|\n){0,60}") {
            let _ = ResolvedConfig::from_cfg_str(&text);
            if let Ok(document) = Document::from_cfg_str(&text) {
                let _ = document.resolve();
            }
        }
    }
}

//! Dotted paths into tables, such as `training.optimizer.learn_rate`.

use crate::{ConfigError, Table, Value};

/// The value at `path` below `root`.
pub(crate) fn find<'a>(root: &'a Table, path: &str) -> Option<&'a Value> {
    let mut keys = path.split('.');
    let first = root.get(keys.next()?)?;
    keys.try_fold(first, |value, key| value.as_table()?.get(key))
}

/// The section at `path` below `root`. Fails if there is none.
pub(crate) fn section<'a>(root: &'a Table, path: &str) -> Result<&'a Table, ConfigError> {
    let found = find(root, path);
    found.and_then(Value::as_table).ok_or_else(|| {
        let found = found.map_or("nothing", Value::kind);
        ConfigError::Value { path: path.to_owned(), message: format!("expected a section, found {found}") }
    })
}

/// Puts `value` at `path` below `root`, and makes the sections that lead there. A value that stands in the way of a
/// section is replaced.
pub(crate) fn set(root: &mut Table, path: &str, value: Value) {
    let (sections, key) = path.rsplit_once('.').unwrap_or(("", path));
    let mut table = root;
    for section in sections.split('.').filter(|section| !section.is_empty()) {
        let node = table.entry(section.to_owned()).or_insert_with(|| Table::new().into());
        if node.as_table().is_none() {
            *node = Table::new().into();
        }
        table = node.as_table_mut().expect("made a table just now");
    }
    table.insert(key.to_owned(), value);
}

/// The path of `key` in the section `parent`; the root is the empty path.
pub(crate) fn join(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

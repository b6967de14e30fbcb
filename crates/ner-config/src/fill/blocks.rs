//! The blocks of a document that name functions.

use super::advice::Advice;
use crate::hints::{did_you_mean, nearest};
use crate::path::join;
use crate::problems::Problems;
use crate::{Block, ConfigError, Function, Kind, Registry, Table, Value};

/// The section that is read by nothing here, so that its functions need not be known.
const PRETRAINING: &str = "pretraining";

/// Adds the default arguments to each block of a known function. `resolved` is the same table with its variables
/// replaced.
pub(super) fn fill(table: &mut Table, resolved: &Table, path: &str, registry: &Registry) {
    if is_ignored(path, table) {
        return;
    }
    if let Ok(Some(function)) = function_of(resolved, path, registry) {
        for (key, default) in function.defaults() {
            table.entry(key).or_insert(default);
        }
    }
    for (key, child) in table {
        let Value::Table(child) = child else { continue };
        // A section that came from a default holds no variables, and is its own resolved form.
        let added = child.clone();
        let resolved = resolved.get(key).and_then(Value::as_table).unwrap_or(&added);
        fill(child, resolved, &join(path, key), registry);
    }
}

/// Checks each block of the document `root`: that its function is known, and its arguments are as the function wants
/// them.
pub(super) fn check(root: &Table, registry: &Registry, problems: &mut Problems) {
    check_below(root, "", &Advice { root, registry }, problems);
}

fn check_below(table: &Table, path: &str, advice: &Advice<'_>, problems: &mut Problems) {
    for (key, child) in table.iter().filter_map(|(key, value)| Some((key, value.as_table()?))) {
        let path = join(path, key);
        if path == PRETRAINING || is_ignored(&path, child) {
            continue;
        }
        check_below(child, &path, advice, problems);
        if let Some(function) = problems.check(function_of(child, &path, advice.registry)).flatten()
            && let Err(error) = function.check(&Block::new(path, child.clone()))
        {
            problems.add(advice.on(error));
        }
    }
}

/// Whether a block stands in a component that is copied from elsewhere, where it means nothing.
fn is_ignored(path: &str, table: &Table) -> bool {
    is_component(path) && table.contains_key("source") && !table.contains_key(Kind::Factories.key())
}

pub(super) fn is_component(path: &str) -> bool {
    path.strip_prefix("components.").is_some_and(|name| !name.contains('.'))
}

/// The function that the table at `path` names: by a key with `@`, or by the factory of a component.
pub(super) fn function_of<'a>(
    table: &Table,
    path: &str,
    registry: &'a Registry,
) -> Result<Option<&'a Function>, ConfigError> {
    let is_factory = |key: &str| key == Kind::Factories.key() && is_component(path);
    let Some(key) = table.keys().find(|key| key.starts_with('@') || is_factory(key)) else {
        return Ok(None);
    };
    let kind = Kind::from_key(key).ok_or_else(|| {
        let hint = did_you_mean(nearest(key, Kind::ALL.map(Kind::key)));
        let problem = format!("unknown registry `{key}`{hint}");
        ConfigError::Key { path: path.to_owned(), function: None, key: key.clone(), problem }
    })?;
    registry.function_of(kind, &Block::new(path, table.clone())).map(Some)
}

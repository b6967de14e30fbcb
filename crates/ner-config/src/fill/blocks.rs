//! The blocks of a document that name functions.

use super::advice::Advice;
use super::named::{function_of, is_component};
use crate::path::{find, join};
use crate::problems::Problems;
use crate::{Block, ConfigError, Kind, Registry, Table, Value};

/// The section that is read by nothing here, so that its functions need not be known.
const PRETRAINING: &str = "pretraining";

/// Adds the default arguments to each block of a known function. `resolved` is the same table with its variables
/// replaced.
pub(super) fn fill(table: &mut Table, resolved: &Table, path: &str, registry: &Registry) {
    if is_ignored(path, table) {
        return;
    }
    // A name that came from a default holds no variables either.
    let function = match function_of(resolved, path, registry) {
        Ok(None) => function_of(table, path, registry),
        found => found,
    };
    if let Ok(Some(function)) = function {
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
        if path == PRETRAINING || is_ignored(&path, child) || is_of_no_component(&path, advice.root) {
            continue;
        }
        match function_of(child, &path, advice.registry) {
            // What is inside belongs to something that is not here either.
            Err(error @ ConfigError::Lacking { .. }) => {
                problems.add(error);
                continue;
            }
            Err(error) => problems.add(error),
            Ok(Some(function)) => {
                let checked = function.check(&Block::new(path.as_str(), child.clone()));
                problems.extend(checked.err().map(|error| advice.on(error)));
            }
            Ok(None) => {}
        }
        check_below(child, &path, advice, problems);
    }
}

/// Whether a block says how a component is initialised that cannot be made, which is told elsewhere.
fn is_of_no_component(path: &str, root: &Table) -> bool {
    let name = path.strip_prefix("initialize.components.").filter(|name| !name.contains('.'));
    name.is_some_and(|name| find(root, &format!("components.{name}")).is_none())
}

/// Whether a block stands in a component that is copied from elsewhere, where it means nothing.
fn is_ignored(path: &str, table: &Table) -> bool {
    is_component(path) && table.contains_key("source") && !table.contains_key(Kind::Factories.key())
}

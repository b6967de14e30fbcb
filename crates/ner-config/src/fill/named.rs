use crate::hints::{did_you_mean, nearest};
use crate::{Block, ConfigError, Function, Kind, Registry, Table};

/// Whether a component stands at `path`.
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

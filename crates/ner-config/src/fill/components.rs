//! The components of a document, with the defaults of their factories.

use serde::Deserialize;
use tracing::warn;

use crate::document::fill_from;
use crate::error::{did_you_mean, nearest};
use crate::{ConfigError, Document, Function, Kind, Registry, ResolvedConfig, Table, Value, path};

/// The names of the components in order.
pub(super) fn pipeline(document: &Document, resolved: &ResolvedConfig) -> Result<Vec<String>, ConfigError> {
    path::section(document.root(), "nlp")?;
    match resolved.get("nlp.lang") {
        Some(Value::String(_)) => {}
        found => {
            let message =
                format!("expected a language such as `en`, found {}", found.map_or("nothing", Value::kind));
            return Err(ConfigError::Value { path: "nlp.lang".to_owned(), message });
        }
    }
    #[derive(Deserialize)]
    struct Names {
        pipeline: Vec<String>,
    }
    let names = resolved.section::<Names>("nlp")?.pipeline;
    if let Some(twice) = names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        let message = format!("expected each component once, found {:?} twice", twice.1);
        return Err(ConfigError::Value { path: "nlp.pipeline".to_owned(), message });
    }
    Ok(names)
}

/// `[components]` in the order of the pipeline.
pub(super) fn filled(
    root: &Table,
    resolved: &ResolvedConfig,
    pipeline: &[String],
    registry: &Registry,
) -> Result<Table, ConfigError> {
    let available = root.get("components").and_then(Value::as_table).cloned().unwrap_or_default();
    for name in available.keys().filter(|name| !pipeline.contains(name)) {
        // spaCy: leaves them out as well.
        warn!(component = name, "The component is not in nlp.pipeline and is left out.");
    }
    let component = |name: &String| {
        let Some(Value::Table(table)) = available.get(name) else {
            let hint = did_you_mean(nearest(name, available.keys().map(String::as_str)));
            let message = format!("the document has no section [components.{name}]{hint}");
            return Err(ConfigError::Value { path: "nlp.pipeline".to_owned(), message });
        };
        Ok((name.clone(), fill_component(name, table.clone(), resolved, registry)?.into()))
    };
    pipeline.iter().map(component).collect()
}

/// A component with the defaults of its factory; one with a `source` is returned as it is.
fn fill_component(
    name: &str,
    mut table: Table,
    resolved: &ResolvedConfig,
    registry: &Registry,
) -> Result<Table, ConfigError> {
    if table.contains_key("source") {
        return Ok(table);
    }
    let factory = factory(name, resolved, registry)?;
    // spaCy: writes the factory first.
    if let Some(index) = table.get_index_of(Kind::Factories.key()) {
        table.move_index(index, 0);
    }
    fill_from(&mut table, &factory.defaults());
    Ok(table)
}

/// Whether a component is copied from elsewhere.
pub(super) fn have_sources(document: &Document) -> bool {
    let components = document.get("components").and_then(Value::as_table);
    components
        .into_iter()
        .flatten()
        .any(|(_, block)| block.as_table().is_some_and(|block| block.contains_key("source")))
}

/// The function that makes the component `name`.
pub(super) fn factory<'a>(
    name: &str,
    resolved: &ResolvedConfig,
    registry: &'a Registry,
) -> Result<&'a Function, ConfigError> {
    let block = resolved.block(&format!("components.{name}"))?;
    if block.table().contains_key(Kind::Factories.key()) {
        return registry.function_of(Kind::Factories, &block);
    }
    let message =
        "expected `factory`, the kind of the component, or `source`, a pipeline to copy it from".to_owned();
    Err(ConfigError::Value { path: block.path().to_owned(), message })
}

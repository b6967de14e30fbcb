//! The components of a document, with the defaults of their factories.

use serde::Deserialize;
use tracing::warn;

use super::refused::Refused;
use crate::document::fill_from;
use crate::hints::{did_you_mean, nearest, slip};
use crate::problems::Problems;
use crate::{ConfigError, Document, Function, Kind, Registry, ResolvedConfig, Table, Value, path};

/// What a component with a `source` says beside it; the rest comes from there.
const BESIDE_SOURCE: [&str; 3] = ["source", "component", "replace_listeners"];

/// The names of the components in order, if there is a list of them.
pub(super) fn pipeline(
    document: &Document,
    resolved: &ResolvedConfig,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    problems.check(path::section(document.root(), "nlp"))?;
    problems.extend(wrong_language(resolved.get("nlp.lang")));
    #[derive(Deserialize)]
    struct Names {
        pipeline: Vec<String>,
    }
    let names = problems.check(resolved.section::<Names>("nlp"))?.pipeline;
    if let Some(twice) = names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        problems.add(wrong_pipeline(format!("expected each component once, found {:?} twice", twice.1)));
    }
    Some(names)
}

/// A language that was mistyped; one of another type is no matter of this.
fn wrong_language(lang: Option<&Value>) -> Option<ConfigError> {
    let text = lang?.as_str()?;
    let message = format!("expected a language such as `en`, found {text:?}; {}", slip(text)?);
    Some(ConfigError::Value { path: "nlp.lang".to_owned(), message })
}

fn wrong_pipeline(message: String) -> ConfigError {
    ConfigError::Value { path: "nlp.pipeline".to_owned(), message }
}

/// `[components]` in the order of the pipeline, without those that cannot be made.
pub(super) fn filled(
    root: &Table,
    resolved: &ResolvedConfig,
    pipeline: &[String],
    registry: &Registry,
    problems: &mut Problems,
) -> Table {
    let available = root.get("components").and_then(Value::as_table).cloned().unwrap_or_default();
    for name in available.keys().filter(|name| !pipeline.contains(name)) {
        // spaCy: leaves them out as well.
        warn!(component = name, "The component is not in nlp.pipeline and is left out.");
    }
    let (mut filled, mut refused) = (Table::new(), Refused::default());
    for name in pipeline {
        let Some(Value::Table(table)) = available.get(name) else {
            let hint = did_you_mean(nearest(name, available.keys().map(String::as_str)));
            problems.add(wrong_pipeline(format!("the document has no section [components.{name}]{hint}")));
            continue;
        };
        let is_refused = refused.take(name, table, registry);
        if let Some(table) = problems.check(fill_component(name, table.clone(), resolved, registry))
            && !is_refused
        {
            filled.insert(name.clone(), table.into());
        }
    }
    problems.extend(refused.into_error());
    filled
}

/// A component with the defaults of its factory; one with a `source` is returned as it is.
fn fill_component(
    name: &str,
    mut table: Table,
    resolved: &ResolvedConfig,
    registry: &Registry,
) -> Result<Table, ConfigError> {
    let wrong = |message: &str| ConfigError::Value {
        path: format!("components.{name}"),
        message: message.to_owned(),
    };
    match (table.contains_key("source"), table.contains_key(Kind::Factories.key())) {
        (true, true) => Err(wrong(
            "expected `factory` or `source`, found both; keep `source` to copy the component, `factory` to make a new one",
        )),
        (true, false) => {
            warn_of_ignored(name, &table);
            Ok(table)
        }
        (false, false) => Err(wrong(
            "expected `factory`, the kind of the component, or `source`, a pipeline to copy it from",
        )),
        (false, true) => {
            // spaCy: writes the factory first.
            if let Some(index) = table.get_index_of(Kind::Factories.key()) {
                table.move_index(index, 0);
            }
            if let Some(factory) = factory(name, resolved, registry) {
                fill_from(&mut table, &factory.defaults());
            }
            Ok(table)
        }
    }
}

// spaCy: reads them as little, and without a word (language.py).
fn warn_of_ignored(name: &str, table: &Table) {
    for key in table.keys().filter(|key| !BESIDE_SOURCE.contains(&key.as_str())) {
        warn!(
            "components.{name}.{key} is ignored and can be deleted: a component with `source` keeps what it has there."
        );
    }
}

/// Whether a component is copied from elsewhere.
pub(super) fn have_sources(document: &Document) -> bool {
    let components = document.get("components").and_then(Value::as_table);
    components
        .into_iter()
        .flatten()
        .any(|(_, block)| block.as_table().is_some_and(|block| block.contains_key("source")))
}

/// The function that makes the component `name`, if it is known.
pub(super) fn factory<'a>(
    name: &str,
    resolved: &ResolvedConfig,
    registry: &'a Registry,
) -> Option<&'a Function> {
    registry.function_of(Kind::Factories, &resolved.block(&format!("components.{name}")).ok()?).ok()
}

//! From a document with gaps to one that says everything.

use crate::arguments::arguments;
use crate::document::fill_from;
use crate::error::{did_you_mean, nearest};
use crate::path::{self, join};
use crate::schema::{InitializeConfig, NlpConfig, PretrainingConfig, SystemConfig, TrainingConfig};
use crate::score_weights;
use crate::{Block, ConfigError, Document, Function, Kind, Registry, ResolvedConfig, Table, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use tracing::warn;

const SECTIONS: [&str; 8] =
    ["paths", "system", "nlp", "components", "corpora", "training", "initialize", "pretraining"];

impl Document {
    /// The value of every key that a document leaves out, but for the arguments of functions.
    pub fn defaults() -> Document {
        Document::from_toml_str(include_str!("defaults/config.toml")).expect("our own file is TOML")
    }

    /// The document with what pretraining needs beside.
    pub fn with_pretraining(&self) -> Document {
        let pretraining = include_str!("defaults/pretraining.toml");
        Document::from_toml_str(pretraining).expect("our own file is TOML").merge(self)
    }

    /// The document with every value written out: those of [`Document::defaults`], the defaults of each function
    /// that a block names, the default model of each component, and the weights of its scores.
    ///
    /// Components that are not in the pipeline are left out; a block that copies a component from elsewhere stays as it
    /// is, and then the weights of scores do too. Fails if a section has an unknown key, a variable
    /// refers to nothing, the pipeline names a component that is not there, or the arguments of a function are
    /// missing, unexpected or of the wrong type.
    pub fn fill(&self, registry: &Registry) -> Result<Document, ConfigError> {
        check_sections(self)?;
        let merged = Document::defaults().merge(self);
        let resolved = merged.resolve()?;
        let pipeline = pipeline(self, &resolved)?;
        let mut root = merged.root().clone();
        let components = components(&root, &resolved, &pipeline, registry)?;
        let pretraining = root.shift_remove("pretraining").unwrap_or_else(|| Table::new().into());
        root.shift_remove("components");
        root.extend([("components".to_owned(), components.into()), ("pretraining".to_owned(), pretraining)]);
        fill_blocks(&mut root, resolved.root(), "", registry)?;
        let mut filled = Document::new(root);
        // What the scores of a copied component count is known only when it is opened.
        if !has_sources(&filled) {
            let factories = pipeline.iter().filter_map(|name| factory(name, &resolved, registry).ok());
            score_weights::complete(&mut filled, factories);
        }
        check_blocks(filled.resolve()?.root(), "", registry)?;
        Ok(filled)
    }
}

fn check_sections(document: &Document) -> Result<(), ConfigError> {
    for name in document.root().keys().filter(|name| !SECTIONS.contains(&name.as_str())) {
        if let Some(known) = nearest(name, SECTIONS) {
            let problem = format!("unknown section [{name}], did you mean [{known}]?");
            return Err(ConfigError::Keys { place: "document".to_owned(), problems: vec![problem] });
        }
    }
    check_keys::<SystemConfig>(document, "system")?;
    check_keys::<NlpConfig>(document, "nlp")?;
    check_keys::<TrainingConfig>(document, "training")?;
    check_keys::<InitializeConfig>(document, "initialize")?;
    check_keys::<PretrainingConfig>(document, "pretraining")
}

// spaCy: drops unknown keys of these sections without a word.
fn check_keys<Section: JsonSchema>(document: &Document, name: &str) -> Result<(), ConfigError> {
    let (_, known) = arguments::<Section>();
    let known = || known.iter().map(|argument| argument.name.as_str());
    let section = document.get(name).and_then(Value::as_table);
    let problems: Vec<String> = section
        .into_iter()
        .flat_map(Table::keys)
        .filter(|key| !known().any(|name| name == *key))
        .map(|key| format!("unknown key `{key}`{}", did_you_mean(nearest(key, known()))))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(ConfigError::Keys { place: name.to_owned(), problems }) }
}

/// The names of the components in order.
fn pipeline(document: &Document, resolved: &ResolvedConfig) -> Result<Vec<String>, ConfigError> {
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
fn components(
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

/// A component with the defaults of its factory; one that is copied from elsewhere stays as it is.
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
    if let Some(index) = table.get_index_of(Kind::Factories.key()) {
        table.move_index(index, 0);
    }
    fill_from(&mut table, &defaults(factory));
    Ok(table)
}

fn has_sources(document: &Document) -> bool {
    let components = document.get("components").and_then(Value::as_table);
    components
        .into_iter()
        .flatten()
        .any(|(_, block)| block.as_table().is_some_and(|block| block.contains_key("source")))
}

fn factory<'a>(
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

fn defaults(function: &Function) -> Table {
    let defaults =
        function.arguments().iter().map(|argument| Some((argument.name.clone(), argument.default.clone()?)));
    defaults.flatten().collect()
}

/// Adds the default arguments to each function block. `resolved` is the same table with its variables replaced.
fn fill_blocks(
    table: &mut Table,
    resolved: &Table,
    path: &str,
    registry: &Registry,
) -> Result<(), ConfigError> {
    if let Some(function) = function_of(resolved, path, registry)? {
        for (key, default) in defaults(function) {
            table.entry(key).or_insert(default);
        }
    }
    for (key, child) in table {
        let Value::Table(child) = child else { continue };
        // What a default added holds no variables.
        let added = child.clone();
        let resolved = resolved.get(key).and_then(Value::as_table).unwrap_or(&added);
        fill_blocks(child, resolved, &join(path, key), registry)?;
    }
    Ok(())
}

/// The function that a table names by a key with `@`.
fn function_of<'a>(
    table: &Table,
    path: &str,
    registry: &'a Registry,
) -> Result<Option<&'a Function>, ConfigError> {
    let Some(key) = table.keys().find(|key| key.starts_with('@')) else { return Ok(None) };
    let kind = Kind::from_key(key).ok_or_else(|| {
        let hint = did_you_mean(nearest(key, Kind::ALL.map(Kind::key)));
        ConfigError::Keys {
            place: path.to_owned(),
            problems: vec![format!("unknown registry `{key}`{hint}")],
        }
    })?;
    registry.function_of(kind, &Block::new(path, table.clone())).map(Some)
}

fn check_blocks(table: &Table, path: &str, registry: &Registry) -> Result<(), ConfigError> {
    for (key, child) in table.iter().filter_map(|(key, value)| Some((key, value.as_table()?))) {
        let path = join(path, key);
        check_blocks(child, &path, registry)?;
        let block = Block::new(path, child.clone());
        if let Some(function) = function_of(child, block.path(), registry)? {
            function.check(&block)?;
        } else if block.path() == format!("components.{key}") && child.contains_key(Kind::Factories.key()) {
            registry.function_of(Kind::Factories, &block)?.check(&block)?;
        }
    }
    Ok(())
}

//! Completes a document: every default is written out.

mod components;
mod init_config;
mod schema;
mod score_weights;
mod sections;

pub use init_config::{InitOptions, Optimize, init_config};
pub use schema::{InitializeConfig, NlpConfig, PretrainingConfig, SystemConfig, TrainingConfig};

use crate::error::{did_you_mean, nearest};
use crate::path::join;
use crate::{Block, ConfigError, Document, Function, Kind, Registry, Table, Value};

impl Document {
    /// The default of every key of the standard sections. Those of functions come from a [`Registry`].
    pub fn defaults() -> Document {
        Document::from_toml_str(include_str!("defaults/config.toml")).expect("our own file is TOML")
    }

    /// The same for texts of the language `lang`, if it has defaults of its own.
    fn defaults_of(lang: Option<&Value>) -> Document {
        match lang.and_then(Value::as_str) {
            Some("zh") => {
                let chinese = Document::from_toml_str(include_str!("defaults/zh.toml"));
                Document::defaults().merge(&chinese.expect("our own file is TOML"))
            }
            _ => Document::defaults(),
        }
    }

    /// The document with the sections that pretraining needs.
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
        sections::check(self)?;
        let lang = Document::defaults().merge(self).resolve()?.get("nlp.lang").cloned();
        let merged = Document::defaults_of(lang.as_ref()).merge(self);
        let resolved = merged.resolve()?;
        let pipeline = components::pipeline(self, &resolved)?;
        let mut root = merged.root().clone();
        let components = components::filled(&root, &resolved, &pipeline, registry)?;
        let pretraining = root.shift_remove("pretraining").unwrap_or_else(|| Table::new().into());
        // spaCy: writes these two last, wherever they stood.
        root.shift_remove("components");
        root.extend([("components".to_owned(), components.into()), ("pretraining".to_owned(), pretraining)]);
        fill_blocks(&mut root, resolved.root(), "", registry)?;
        let mut filled = Document::new(root);
        // The score weights of a copied component are known only when its pipeline is opened.
        if !components::have_sources(&filled) {
            let factories =
                pipeline.iter().filter_map(|name| components::factory(name, &resolved, registry).ok());
            score_weights::complete(&mut filled, factories);
        }
        check_blocks(filled.resolve()?.root(), "", registry)?;
        Ok(filled)
    }
}

/// Adds the default arguments to each function block. `resolved` is the same table with its variables replaced.
fn fill_blocks(
    table: &mut Table,
    resolved: &Table,
    path: &str,
    registry: &Registry,
) -> Result<(), ConfigError> {
    if let Some(function) = function_of(resolved, path, registry)? {
        for (key, default) in function.defaults() {
            table.entry(key).or_insert(default);
        }
    }
    for (key, child) in table {
        let Value::Table(child) = child else { continue };
        // A section that came from a default holds no variables, and is its own resolved form.
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

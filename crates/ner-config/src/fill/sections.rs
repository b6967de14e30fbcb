//! Which sections and keys a document may have.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::hints::{did_you_mean, excerpt, nearest};
use crate::problems::Problems;
use crate::registry::arguments::{arguments, wrong_values};
use crate::{
    Block, ConfigError, DistillationConfig, Document, InitializeConfig, NlpConfig, ResolvedConfig,
    SystemConfig, Table, TrainingConfig, Value,
};

const SECTIONS: [&str; 9] = [
    "paths",
    "system",
    "nlp",
    "components",
    "corpora",
    "training",
    "initialize",
    "pretraining",
    "distillation",
];

/// A problem for each unknown section, and for each unknown key of a known one.
pub(super) fn check_keys(document: &Document, problems: &mut Problems) {
    // Other sections are allowed, for variables to refer to. Only what looks like a slip is refused.
    for name in document.root().keys().filter(|name| !SECTIONS.contains(&name.as_str())) {
        problems.extend(nearest(name, SECTIONS).map(|known| {
            unknown("", name, format!("unknown section [{}], did you mean [{known}]?", excerpt(name)))
        }));
    }
    check_section::<SystemConfig>(document, "system", problems);
    check_section::<NlpConfig>(document, "nlp", problems);
    check_section::<TrainingConfig>(document, "training", problems);
    check_section::<InitializeConfig>(document, "initialize", problems);
    check_section::<DistillationConfig>(document, "distillation", problems);
}

// spaCy: drops unknown keys of these sections without a word.
fn check_section<Section: JsonSchema>(document: &Document, name: &str, problems: &mut Problems) {
    let (_, known) = arguments::<Section>();
    let known = || known.iter().map(|argument| argument.name.as_str());
    let section = document.get(name).and_then(Value::as_table);
    let keys = section.into_iter().flat_map(Table::keys).filter(|key| !known().any(|name| name == *key));
    problems.extend(keys.map(|key| {
        let hint = did_you_mean(nearest(key, known()));
        unknown(name, key, format!("unknown key `{}`{hint}", excerpt(key)))
    }));
}

fn unknown(path: &str, key: &str, problem: String) -> ConfigError {
    ConfigError::Key { path: path.to_owned(), function: None, key: key.to_owned(), problem }
}

/// A problem for each value of the wrong type. Those of `[system]` count where a variable puts them.
// spaCy: finds these when training begins, and not when the config is filled (schemas.py); nobody wants to read them later.
pub(super) fn check_values(config: &ResolvedConfig, problems: &mut Problems) {
    check_types::<NlpConfig>(config, "nlp", problems);
    check_types::<TrainingConfig>(config, "training", problems);
    check_types::<InitializeConfig>(config, "initialize", problems);
    // Read by one command alone, which writes out its defaults.
    if config.get("distillation").is_some() {
        check_types::<DistillationConfig>(config, "distillation", problems);
    }
}

fn check_types<Section: JsonSchema + DeserializeOwned>(
    config: &ResolvedConfig,
    name: &str,
    problems: &mut Problems,
) {
    if let Some(block) = problems.check(config.block(name)) {
        let (_, arguments) = arguments::<Section>();
        let read = |table| Block::new(name, table).read::<Section>().map(drop);
        let errors = wrong_values(name, block.table(), &arguments, read);
        problems.extend(errors.into_iter().map(with_example));
    }
}

/// An error with an example, where the type alone says little.
fn with_example(error: ConfigError) -> ConfigError {
    match error {
        ConfigError::Value { path, message } if path == "nlp.lang" => {
            ConfigError::Value { path, message: message.replace("a string", "a language such as `en`") }
        }
        error => error,
    }
}

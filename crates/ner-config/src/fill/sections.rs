//! Which sections and keys a document may have.

use schemars::JsonSchema;

use crate::error::{did_you_mean, nearest};
use crate::registry::arguments::arguments;
use crate::{
    ConfigError, Document, InitializeConfig, NlpConfig, PretrainingConfig, SystemConfig, Table,
    TrainingConfig, Value,
};

const SECTIONS: [&str; 8] =
    ["paths", "system", "nlp", "components", "corpora", "training", "initialize", "pretraining"];

/// Fails if a section or a key of one is unknown.
pub(super) fn check(document: &Document) -> Result<(), ConfigError> {
    // Other sections are allowed, for variables to refer to. Only what looks like a slip is refused.
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

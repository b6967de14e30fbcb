//! The architectures that spaCy lacks, for spaCy.

use ner_config::{Document, Kind, Value};

/// Name and text of a module of Python that registers in spaCy the architectures which only this crate has.
pub const PYTHON_LAYERS: (&str, &str) = ("ner_layers.py", include_str!("ner_layers.py"));

/// The first part of these architectures' names.
const LIBRARY: &str = "ner.";

/// Whether spaCy needs [`PYTHON_LAYERS`] to open a pipeline of this config.
pub fn needs_python_layers(config: &Document) -> bool {
    config.get("components").is_some_and(names_own_architecture)
}

fn names_own_architecture(value: &Value) -> bool {
    match value {
        Value::Table(table) => table.iter().any(|(key, value)| {
            let is_own = || value.as_str().is_some_and(|name| name.starts_with(LIBRARY));
            (key == Kind::Architectures.key() && is_own()) || names_own_architecture(value)
        }),
        Value::List(items) => items.iter().any(names_own_architecture),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use ner_config::Registry;

    use super::*;

    #[test]
    fn the_module_registers_every_architecture_that_spacy_lacks() {
        let mut registry = Registry::new();
        crate::register(&mut registry);
        let own = registry.functions().filter(|function| function.kind() == Kind::Architectures);
        let own: Vec<_> =
            own.map(|function| function.name()).filter(|name| name.starts_with(LIBRARY)).collect();
        assert!(!own.is_empty());
        for name in own {
            let line = format!("\n@spacy.registry.architectures(\"{name}\")\n");
            assert!(PYTHON_LAYERS.1.contains(&line), "{name} is missing in {}", PYTHON_LAYERS.0);
        }
    }

    #[test]
    fn only_components_count() {
        let needs = |section: &str, rest: &str| {
            let text = format!("[{section}]\n\n[{section}.a]\n{rest}\n");
            needs_python_layers(&Document::from_cfg_str(&text).unwrap())
        };
        assert!(needs("components", "model = {\"x\": [{\"@architectures\": \"ner.X.v1\"}]}"));
        assert!(!needs("components", "model = {\"x\": [{\"@architectures\": \"spacy.X.v1\"}]}"));
        assert!(!needs("components", "factory = \"ner.X.v1\""));
        assert!(!needs("training", "@architectures = \"ner.X.v1\""));
    }
}

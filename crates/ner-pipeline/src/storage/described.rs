use ner_config::{Document, Value as ConfigValue};
use serde_json::{Map, Value, json};

use super::Meta;
use crate::Pipeline;
use crate::components::SkippedComponent;

impl Pipeline {
    /// The config, with the components that are there and those that do not run.
    pub(super) fn described_config(&self) -> Document {
        let mut config = self.config.clone();
        let names: Vec<String> = self.components.keys().cloned().collect();
        let disabled: Vec<String> = self.disabled().map(str::to_owned).collect();
        let components = config.get("components").and_then(ConfigValue::as_table).cloned();
        if let Some(mut components) = components {
            components.retain(|name, _| names.contains(name));
            config.set("components", components);
        }
        config.set("nlp.pipeline", names);
        config.set("nlp.disabled", disabled);
        config
    }

    /// The description, with what follows from the components and the vocabulary.
    pub fn described(&self) -> Meta {
        let mut meta = self.meta.clone();
        let named = |name: &String| meta.get("labels").and_then(|labels| labels.get(name)).cloned();
        let labels: Map<String, Value> = self
            .components
            .iter()
            .filter_map(|(name, component)| match component.downcast_ref::<SkippedComponent>() {
                // The labels of a component that is not known here are those that were read.
                Some(_) => Some((name.clone(), named(name)?)),
                None => Some((name.clone(), json!(component.labels()))),
            })
            .collect();
        let running: Vec<&str> = self.running().map(|(name, _)| name).collect();
        meta.set_vectors(self.vocab.vectors());
        meta.set("labels", Value::Object(labels));
        // spaCy: `pipeline` lists what runs, `components` everything (language.py).
        meta.set("pipeline", json!(running));
        meta.set("components", json!(self.components.keys().collect::<Vec<_>>()));
        meta.set("disabled", json!(self.disabled().collect::<Vec<_>>()));
        meta
    }
}

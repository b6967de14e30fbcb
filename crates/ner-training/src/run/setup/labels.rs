use std::collections::HashMap;

use ner_config::{Block, ConfigError, InitializeConfig, Kind, Registry, ResolvedConfig, Value};
use ner_pipeline::{Component, Pipeline, TransformerComponent};

use crate::TrainingError;

/// The label files that `[initialize.components]` gives to components, by name, as JSON. A component without one gets
/// its labels from the data.
pub fn labels(
    config: &ResolvedConfig,
    registry: &Registry,
    pipeline: &Pipeline,
) -> Result<HashMap<String, serde_json::Value>, TrainingError> {
    let settings: InitializeConfig = config.section("initialize")?;
    refuse_unknown_sources(&settings)?;
    let mut labels = HashMap::new();
    for (name, block) in &settings.components {
        if !pipeline.components().contains_key(name) {
            let known = pipeline.components().keys().cloned().collect();
            return Err(TrainingError::UnknownComponent {
                key: "initialize.components",
                name: name.clone(),
                known,
            });
        }
        // It is never initialised, so that its labels may be read by functions that are not known here either.
        if pipeline.is_skipped(name) {
            continue;
        }
        check_arguments(&*pipeline.components()[name], block)?;
        if let Some(found) = read_labels(block, registry)? {
            labels.insert(name.clone(), found);
        }
    }
    Ok(labels)
}

/// spaCy hands all keys to the component's `initialize`. Encoders of curated transformers take their loaders, which the
/// pipeline has read already, and recognisers their labels.
fn check_arguments(component: &dyn Component, block: &Block) -> Result<(), ConfigError> {
    let encoder: Option<&TransformerComponent> = component.downcast_ref();
    let known: &[&str] = match encoder.and_then(TransformerComponent::is_frozen) {
        Some(_) => &["encoder_loader", "piecer_loader"],
        None => &["labels"],
    };
    match block.table().keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(ConfigError::Value {
            path: format!("{}.{key}", block.path()),
            message: format!("expected {}, which is all that the component takes here", known.join(" or ")),
        }),
    }
}

fn read_labels(block: &Block, registry: &Registry) -> Result<Option<serde_json::Value>, TrainingError> {
    let path = format!("{}.labels", block.path());
    match block.table().get("labels") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Table(table)) => {
            let reader = Block::new(path.clone(), table.clone());
            Ok(registry.build(Kind::Readers, &reader)?)
        }
        Some(other) => {
            let message = format!("expected a block that reads labels, found {}", other.kind());
            Err(ConfigError::Value { path, message }.into())
        }
    }
}

/// Arguments for a segmenter of Chinese. They stand in every config of that language, and no tokenizer here reads them.
const PKUSEG: [&str; 2] = ["pkuseg_model", "pkuseg_user_dict"];

/// Sources of an initialisation that do not exist here are named, not skipped.
fn refuse_unknown_sources(settings: &InitializeConfig) -> Result<(), ConfigError> {
    let sources = [
        ("vocab_data", settings.vocab_data.is_some(), "files of words are not read here"),
        ("lookups", settings.lookups.is_some(), "lookup tables come with `before_init` alone"),
        (
            "tokenizer",
            settings.tokenizer.keys().any(|key| !PKUSEG.contains(&key.as_str())),
            "no tokenizer here takes these arguments",
        ),
    ];
    match sources.iter().find(|(_, is_set, _)| *is_set) {
        Some((key, _, reason)) => Err(ConfigError::Value {
            path: format!("initialize.{key}"),
            message: format!(
                "{reason}; {}",
                if *key == "tokenizer" { "delete its keys" } else { "set it to null" }
            ),
        }),
        None => Ok(()),
    }
}

//! The files of a recogniser beside its model: `cfg` and `moves`.

use ner_layers::Init;
use ner_transitions::Actions;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{EntityRecognizer, RecognizerSettings};
use crate::PipelineError;
use crate::storage::{FileSink, PipelineFiles, content, damaged, json_bytes, read_json};

/// The keys of the file `cfg` that mean something here; versions of spaCy differ in what they write.
#[derive(Deserialize)]
struct SettingsFile {
    update_with_oracle_cut_size: Option<u32>,
    beam_width: Option<u32>,
    beam_density: Option<f64>,
    beam_update_prob: Option<f64>,
}

pub(super) fn read(
    recognizer: &mut EntityRecognizer,
    name: &str,
    files: &mut PipelineFiles,
    init: &mut Init<'_>,
) -> Result<(), PipelineError> {
    let path = format!("{name}/moves");
    let bytes = files.take(&path)?;
    let actions = Actions::from_bytes(&bytes).map_err(|error| damaged(files.path(&path), &bytes, error))?;
    let path = format!("{name}/cfg");
    let other = read_json(files, &path)?;
    let file: SettingsFile = serde_json::from_value(Value::Object(other.clone()))
        .map_err(|error| content(files.path(&path), error.to_string()))?;
    // A key that the version which wrote the file did not have leaves the setting of the config.
    let settings = recognizer.settings().clone();
    let settings = RecognizerSettings {
        update_with_oracle_cut_size: file
            .update_with_oracle_cut_size
            .unwrap_or(settings.update_with_oracle_cut_size),
        beam_width: file.beam_width.unwrap_or(settings.beam_width),
        beam_density: file.beam_density.unwrap_or(settings.beam_density),
        beam_update_prob: file.beam_update_prob.unwrap_or(settings.beam_update_prob),
        other,
        ..settings
    };
    recognizer.restore(actions, settings, init);
    Ok(())
}

pub(super) fn write(
    recognizer: &EntityRecognizer,
    name: &str,
    sink: FileSink<'_>,
) -> Result<(), PipelineError> {
    sink(&format!("{name}/cfg"), &json_bytes(&settings_file(recognizer.settings())))?;
    sink(&format!("{name}/moves"), &recognizer.actions().to_bytes())
}

/// The file `cfg`, with all that it held when it was read.
fn settings_file(settings: &RecognizerSettings) -> Value {
    // spaCy: keys without a meaning here are written all the same, with the values that spaCy gives them
    // (transition_parser.pyx).
    let mut file = json!({
        "moves": null,
        "update_with_oracle_cut_size": settings.update_with_oracle_cut_size,
        "multitasks": [],
        "min_action_freq": 1,
        "learn_tokens": false,
        "beam_width": settings.beam_width,
        "beam_density": settings.beam_density,
        "beam_update_prob": settings.beam_update_prob,
        "incorrect_spans_key": settings.incorrect_spans_key,
    });
    // Settings that may have changed since the file was read are not taken from it.
    let is_ours =
        |key: &str| key.starts_with("beam_") || key.starts_with("update_") || key.starts_with("incorrect_");
    for (key, value) in settings.other.iter().filter(|(key, _)| !is_ours(key)) {
        file[key] = value.clone();
    }
    file
}

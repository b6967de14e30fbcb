use std::path::Path;

use ner_config::{Builder, ConfigError};
use ner_files::FileError;
use ner_formats::{FormatError, JsonLines, Opened, Place};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::CorpusError;

/// The labels of an earlier run, so that the data need not be searched for them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadLabelsConfig {
    /// The JSON file.
    pub path: String,
    /// Whether it must be there; if it need not, the labels come from the data.
    #[serde(default)]
    pub require: bool,
}

/// Any data out of a file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SrslyConfig {
    /// The file.
    pub path: String,
}

/// Reads labels from a JSON file; `None` if there is no such file and none is required.
pub fn read_labels(path: &Path, require: bool) -> Result<Option<Value>, CorpusError> {
    if !require && !path.exists() {
        return Ok(None);
    }
    Ok(Some(read_json(path)?))
}

fn read_json(path: &Path) -> Result<Value, FormatError> {
    serde_json::from_reader(ner_files::open(path)?).map_err(|error| {
        if error.is_io() {
            return FileError::io(path)(error.into()).into();
        }
        let place = Place::file(path).line(error.line()).column(error.column());
        FormatError::Malformed { place, message: format!("not JSON: {error}"), code: None }
    })
}

pub(crate) fn labels(config: ReadLabelsConfig, builder: &Builder) -> Result<Option<Value>, ConfigError> {
    read_labels(Path::new(&config.path), config.require).map_err(|error| builder.failed(error))
}

pub(crate) fn json(config: SrslyConfig, builder: &Builder) -> Result<Value, ConfigError> {
    read_json(Path::new(&config.path)).map_err(|error| builder.failed(error))
}

pub(crate) fn json_lines(config: SrslyConfig, builder: &Builder) -> Result<Value, ConfigError> {
    read_json_lines(Path::new(&config.path)).map_err(|error| builder.failed(error))
}

fn read_json_lines(path: &Path) -> Result<Value, FormatError> {
    JsonLines::new(Opened::open(path, None)?.into_reader(), path).map(|line| Ok(line?.1)).collect()
}

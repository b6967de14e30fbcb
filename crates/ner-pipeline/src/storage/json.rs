use std::path::PathBuf;

use serde_json::{Map, Value};

use super::PipelineFiles;
use crate::PipelineError;

pub(crate) fn read_json(files: &mut PipelineFiles, name: &str) -> Result<Map<String, Value>, PipelineError> {
    serde_json::from_slice(&files.take(name)?).map_err(|error| content(files.path(name), error.to_string()))
}

/// A value as readable JSON.
pub(crate) fn json_bytes(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("strings and numbers are always JSON")
}

/// The error of a file with the wrong content.
pub(crate) fn content(path: PathBuf, message: impl Into<String>) -> PipelineError {
    PipelineError::Content { path, message: message.into() }
}

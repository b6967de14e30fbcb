use std::fmt::Display;
use std::path::PathBuf;

use ner_files::without_bom;
use serde_json::{Map, Value};

use super::PipelineFiles;
use crate::PipelineError;

pub(crate) fn read_json(files: &mut PipelineFiles, name: &str) -> Result<Map<String, Value>, PipelineError> {
    let bytes = files.take(name)?;
    serde_json::from_slice(without_bom(&bytes)).map_err(|error| damaged(files.path(name), &bytes, error))
}

/// A value as readable JSON.
pub(crate) fn json_bytes(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("strings and numbers are always JSON")
}

/// The error of a file whose `bytes` cannot be decoded.
pub(crate) fn damaged(path: PathBuf, bytes: &[u8], error: impl Display) -> PipelineError {
    match bytes {
        [] => content(path, "the file is empty; copy or download the pipeline again"),
        _ => content(path, error.to_string()),
    }
}

/// The error of a file with the wrong content.
pub(crate) fn content(path: PathBuf, message: impl Into<String>) -> PipelineError {
    PipelineError::Content { path, message: message.into() }
}

use std::path::Path;

use serde_json::Value;

use crate::HubError;

/// The value in a file.
pub(crate) fn read_json(path: &Path) -> Result<Value, HubError> {
    parse_json(&ner_files::read(path)?, path)
}

/// The value in the bytes of a file.
pub(crate) fn parse_json(bytes: &[u8], path: &Path) -> Result<Value, HubError> {
    serde_json::from_slice(ner_files::without_bom(bytes)).map_err(|error| {
        let mend = "the file is damaged or incomplete; get it again from where the encoder came from";
        HubError::content(format!("{error}"), "JSON", mend).in_file(path)
    })
}

use std::io;
use std::path::Path;

use anyhow::Context;
use ner_config::Document;
use ner_files::FileError;

use crate::{path, report};

/// Reads a config, TOML or .cfg; `-` is stdin.
pub(crate) fn read(path: &Path) -> anyhow::Result<Document> {
    if !path::is_dash(path) {
        return Ok(Document::read(path)?);
    }
    let text = io::read_to_string(io::stdin()).context("stdin")?;
    // Of the two syntaxes only TOML has quotes around a key, and every config has keys that begin with @.
    let is_toml = text.lines().any(|line| line.trim_start().starts_with("\"@"));
    let document = if is_toml { Document::from_toml_str(&text) } else { Document::from_cfg_str(&text) };
    document.context("stdin")
}

/// Writes a config, TOML if its name ends in `.toml`, else .cfg; `-` is stdout.
pub(crate) fn write(document: &Document, path: &Path) -> anyhow::Result<()> {
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    let text = if is_toml { document.to_toml_string()? } else { document.to_cfg_string()? };
    if path::is_dash(path) {
        return report::print(text);
    }
    ner_files::write(path, |file| file.write_all(text.as_bytes()).map_err(FileError::io(path)))?;
    Ok(())
}

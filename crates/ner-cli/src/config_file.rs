use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use ner_config::Document;
use ner_files::FileError;

use crate::{path, report};

/// Reads a config, TOML, .cfg or JSON; `-` is stdin.
pub(crate) fn read(path: &Path) -> anyhow::Result<Document> {
    if !path::is_dash(path) {
        return Ok(Document::read(path)?);
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).context("stdin")?;
    Ok(Document::from_bytes(&bytes, Path::new("stdin"))?)
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

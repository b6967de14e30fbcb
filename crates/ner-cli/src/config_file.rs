use std::env;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use ner_config::{ConfigError, Document, Overrides, Registry};
use ner_files::FileError;

use crate::failure::Usage;
use crate::{path, report, rules};

/// Reads a config, TOML, .cfg or JSON; `-` is stdin.
pub(crate) fn read(path: &Path) -> anyhow::Result<Document> {
    if !path::is_dash(path) {
        return Ok(Document::read(path)?);
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).context("stdin")?;
    Ok(Document::from_bytes(&bytes, Path::new("stdin"))?)
}

/// Reads a config, sets values from outside, and writes out every default; the file `tokenizer` beside it gives the rules of a
/// language that has none built in.
pub(crate) fn complete(path: &Path, overrides: &[String], registry: &Registry) -> anyhow::Result<Document> {
    complete_with(path, overrides, registry, Document::clone)
}

/// The same for a config that gets more than the standard sections.
pub(crate) fn complete_with(
    path: &Path,
    overrides: &[String],
    registry: &Registry,
    add_sections: impl FnOnce(&Document) -> Document,
) -> anyhow::Result<Document> {
    let overrides = read_overrides(overrides)?;
    // Every standard section is there before values are set from outside, which need one.
    let config = add_sections(&read(path)?.with_sections());
    let mut config = config.with_overrides(&overrides)?.fill(registry)?;
    rules::take_beside(path, &mut config)?;
    Ok(config)
}

/// The overrides of the command line, and above them those of the environment.
pub(crate) fn read_overrides(arguments: &[String]) -> Result<Overrides, Usage> {
    let usage = |error: ConfigError| Usage(error.to_string());
    let environment = env::var("SPACY_CONFIG_OVERRIDES").unwrap_or_default();
    // spaCy: the environment overrules the command line (cli/_util.py).
    let stronger = Overrides::from_words(&environment).map_err(usage)?;
    Ok(Overrides::from_args(arguments).map_err(usage)?.and(stronger))
}

/// Writes a config, TOML if its name ends in `.toml`, else .cfg; `-` is stdout.
pub(crate) fn write(document: &Document, path: &Path) -> anyhow::Result<()> {
    write_with(document, path, |toml| toml)
}

/// The same; what is TOML is changed by `annotate`.
pub(crate) fn write_with(
    document: &Document,
    path: &Path,
    annotate: impl FnOnce(String) -> String,
) -> anyhow::Result<()> {
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    let text = if is_toml { annotate(document.to_toml_string()?) } else { document.to_cfg_string()? };
    if path::is_dash(path) {
        return report::print(text);
    }
    ner_files::write(path, |file| file.write_all(text.as_bytes()).map_err(FileError::io(path)))?;
    Ok(())
}

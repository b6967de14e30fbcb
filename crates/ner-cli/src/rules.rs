//! The tokenisation rules of a config's language: whether they are built in, and where others come from.

use std::path::Path;

use ner_config::{Document, Kind, Table, Value};
use ner_pipeline::{COPY_FROM_BASE_MODEL, RULE_TOKENIZER};

use crate::{path, report};

const BEFORE_INIT: &str = "initialize.before_init";

/// The language of a complete config that wants rules which are not built in, and names no other ones.
pub(crate) fn missing(config: &Document) -> anyhow::Result<Option<String>> {
    let config = config.resolve()?;
    let text = |key: &str| config.get(key).and_then(Value::as_str);
    let lang = text("nlp.lang").filter(|lang| !ner_tokenizer::languages().contains(lang));
    let is_by_rules = text(&format!("nlp.tokenizer.{}", Kind::Tokenizers.key())) == Some(RULE_TOKENIZER);
    let has_callback = config.get(BEFORE_INIT).is_some_and(|callback| *callback != Value::Null);
    Ok(lang.filter(|_| is_by_rules && !has_callback).map(str::to_owned))
}

/// Makes a config of a language without built-in rules take those of the file `tokenizer` beside it, which is that of
/// its pipeline.
pub(crate) fn take_beside(path: &Path, config: &mut Document) -> anyhow::Result<()> {
    let file = path.with_file_name("tokenizer");
    if path::is_dash(path) || !file.is_file() {
        return Ok(());
    }
    if let Some(lang) = missing(config)? {
        report::info(format_args!(
            "Using the tokenization rules of {}: none are built in for {lang:?}",
            file.display()
        ));
        take_from(&file, config);
    }
    Ok(())
}

/// Makes a config take the rules of a pipeline, or of a file `tokenizer`.
pub(crate) fn take_from(path: &Path, config: &mut Document) {
    let function = |kind: Kind, name: &str| (kind.key().to_owned(), name.into());
    // A language may have a tokenizer without rules, which would ignore them.
    config.set("nlp.tokenizer", Table::from_iter([function(Kind::Tokenizers, RULE_TOKENIZER)]));
    let callback = [
        function(Kind::Callbacks, COPY_FROM_BASE_MODEL),
        ("tokenizer".to_owned(), path.display().to_string().into()),
        ("vocab".to_owned(), Value::Null),
    ];
    config.set(BEFORE_INIT, Table::from_iter(callback));
}

//! Pipelines without components, which hold word vectors.

use std::path::Path;

use ner::{Device, Pipeline};
use ner_config::{Document, Registry};
use ner_vocab::Vectors;
use serde_json::json;

use crate::{model, report, rules};

/// The complete config of a pipeline without components, with the rules of a language, or of the pipeline or the file
/// `tokenizer` at a path.
pub(crate) fn config(lang: &str, tokenizer: Option<&Path>, registry: &Registry) -> anyhow::Result<Document> {
    let mut config = Document::default();
    config.set("nlp.lang", lang);
    config.set("nlp.pipeline", Vec::<String>::new());
    let mut config = config.with_sections().fill(registry)?;
    if let Some(path) = tokenizer {
        model::find(path)?;
        rules::take_from(path, &mut config);
    }
    Ok(config)
}

/// The pipeline of such a config with the vectors of words. Their name is spaCy's unless it is given.
pub(crate) fn with_vectors<'w>(
    config: &Document,
    vectors: Vectors,
    words: impl Iterator<Item = &'w str>,
    name: Option<&str>,
    registry: &Registry,
    device: &Device,
) -> anyhow::Result<Pipeline> {
    let mut pipeline = Pipeline::with_vectors(config, vectors, registry, device)?;
    for word in words {
        pipeline.vocab().strings().add(word);
    }
    let name = name.map_or_else(|| format!("{}_pipeline.vectors", pipeline.vocab().lang()), str::to_owned);
    pipeline.meta_mut().set("vectors", json!({ "name": name }));
    Ok(pipeline)
}

/// Saves the pipeline, and says what it is for.
pub(crate) fn save(pipeline: &Pipeline, directory: &Path) -> anyhow::Result<()> {
    pipeline.save(directory)?;
    report::good(format_args!(
        "Saved nlp object with vectors to output directory. You can now use the path to it in your config as the 'vectors' \
         setting in [initialize]: {}",
        directory.display()
    ));
    Ok(())
}

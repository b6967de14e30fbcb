use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::{Doc, Sentencizer};
use ner_layers::Init;
use ner_scorer::Scorer;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Component, ComponentRecipe, UpstreamVectors};
use crate::storage::{FileSink, PipelineFiles, content, json_bytes};
use crate::{EntityScore, PipelineError};

/// A finder of sentences by their punctuation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentencizerFactoryConfig {
    /// Tokens that end a sentence; null: a list of all scripts' full stops and their like.
    #[serde(default)]
    pub punct_chars: Option<Vec<String>>,
    /// Whether sentence starts that are already known may be changed.
    #[serde(default)]
    pub overwrite: bool,
    /// How predictions are scored.
    #[serde(default = "sentence_scorer")]
    pub scorer: Option<Block>,
}

fn sentence_scorer() -> Option<Block> {
    Some(Block::function(Kind::Scorers, crate::registrations::SENTENCE_SCORER))
}

/// The factory `sentencizer`.
pub(crate) fn sentencizer(
    config: SentencizerFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    let scorer = config.scorer.as_ref().map(|scorer| builder.build(Kind::Scorers, scorer)).transpose()?;
    // spaCy: an empty list stands for the default one, as null does (sentencizer.pyx).
    let given = config.punct_chars.filter(|given| !given.is_empty());
    let component = SentencizerComponent { sentencizer: of(given, config.overwrite), scorer };
    Ok(ComponentRecipe::new(move |_| component))
}

/// A sentencizer with the `punct_chars` of a config or a file, or with spaCy's list.
fn of(punct_chars: Option<Vec<String>>, overwrite: bool) -> Sentencizer {
    match punct_chars {
        Some(punct_chars) => Sentencizer::new(punct_chars, overwrite),
        None => Sentencizer::with_default_punct_chars(overwrite),
    }
}

/// Finds sentences by their punctuation; entities do not cross their borders.
#[derive(Debug)]
struct SentencizerComponent {
    sentencizer: Sentencizer,
    scorer: Option<Box<dyn Scorer>>,
}

impl Component for SentencizerComponent {
    fn scorer(&self) -> Option<&dyn Scorer> {
        self.scorer.as_deref()
    }

    fn predict(&self, docs: &mut [&mut Doc], _: Option<&UpstreamVectors<'_>>) -> Vec<Vec<EntityScore>> {
        docs.iter_mut().for_each(|doc| self.sentencizer.annotate(doc));
        Vec::new()
    }

    fn read_settings(
        &mut self,
        name: &str,
        files: &mut PipelineFiles,
        _: &mut Init<'_>,
    ) -> Result<(), PipelineError> {
        let path = path(name);
        let file: SentencizerFile = serde_json::from_slice(&files.take(&path)?)
            .map_err(|error| content(files.path(&path), error.to_string()))?;
        // spaCy: a file without this key leaves the setting as it is (sentencizer.pyx).
        let overwrite = file.overwrite.unwrap_or(self.sentencizer.overwrites());
        self.sentencizer = of(file.punct_chars, overwrite);
        Ok(())
    }

    fn write_settings(&self, name: &str, sink: FileSink<'_>) -> Result<(), PipelineError> {
        let file = SentencizerFile {
            punct_chars: Some(self.sentencizer.punct_chars().map(str::to_owned).collect()),
            overwrite: Some(self.sentencizer.overwrites()),
        };
        sink(&path(name), &json_bytes(&file))
    }
}

/// spaCy: beside the folders of the other components, not in one of its own (sentencizer.pyx).
fn path(name: &str) -> String {
    format!("{name}.json")
}

/// The file of a sentencizer.
#[derive(Serialize, Deserialize)]
struct SentencizerFile {
    punct_chars: Option<Vec<String>>,
    overwrite: Option<bool>,
}

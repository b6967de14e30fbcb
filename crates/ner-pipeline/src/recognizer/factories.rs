use ner_config::{Block, Builder, ConfigError, Kind};
use ner_model::TransitionBasedParser;
use ner_scorer::Scorer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{EntityRecognizer, RecognizerSettings};
use crate::ComponentRecipe;
use crate::registrations::{NER_SCORER, default_parser};

/// A recogniser of named entities: greedy transitions guided by a network.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NerFactoryConfig {
    /// Ready-made actions; not supported, labels come from the data or a label file.
    #[serde(default)]
    pub moves: Option<String>,
    /// Documents are cut into pieces of half to twice as many tokens in training; 0: never.
    #[serde(default = "cut_size")]
    pub update_with_oracle_cut_size: u32,
    /// The network.
    #[serde(default = "default_parser")]
    pub model: Block,
    /// Span group that holds spans known not to be entities.
    #[serde(default)]
    pub incorrect_spans_key: Option<String>,
    /// How predictions are scored.
    #[serde(default = "scorer")]
    pub scorer: Option<Block>,
}

fn cut_size() -> u32 {
    100
}

fn scorer() -> Option<Block> {
    Some(Block::function(Kind::Scorers, NER_SCORER))
}

/// The factory `ner`.
pub(crate) fn ner(config: NerFactoryConfig, builder: &Builder<'_>) -> Result<ComponentRecipe, ConfigError> {
    let greedy = RecognizerSettings {
        update_with_oracle_cut_size: config.update_with_oracle_cut_size,
        incorrect_spans_key: config.incorrect_spans_key.clone(),
        // spaCy: a greedy recogniser has these settings too, and writes them to its file `cfg`
        // (transition_parser.pyx).
        beam_width: 1,
        beam_density: 0.0,
        beam_update_prob: 0.0,
        other: serde_json::Map::new(),
        hidden_dropout: RecognizerSettings::HIDDEN_DROPOUT,
    };
    recognizer(config, greedy, builder)
}

/// A recogniser that follows several action sequences side by side.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeamNerFactoryConfig {
    /// Ready-made actions; not supported, labels come from the data or a label file.
    #[serde(default)]
    pub moves: Option<String>,
    /// Documents are cut into pieces of half to twice as many tokens in training; 0: never.
    #[serde(default = "cut_size")]
    pub update_with_oracle_cut_size: u32,
    /// The network.
    #[serde(default = "default_parser")]
    pub model: Block,
    /// How many sequences are followed.
    #[serde(default = "beam_width")]
    pub beam_width: u32,
    /// How much less likely than the best a sequence may be before it is given up, as a share; 0: any.
    #[serde(default = "beam_density")]
    pub beam_density: f64,
    /// How often an update learns from whole sequences, as a share of all updates.
    #[serde(default = "beam_update_prob")]
    pub beam_update_prob: f64,
    /// Span group that holds spans known not to be entities.
    #[serde(default)]
    pub incorrect_spans_key: Option<String>,
    /// How predictions are scored.
    #[serde(default = "scorer")]
    pub scorer: Option<Block>,
}

// spaCy: these three defaults are those of the factory `beam_ner` (pipeline/factories.py).
fn beam_width() -> u32 {
    32
}

fn beam_density() -> f64 {
    0.01
}

fn beam_update_prob() -> f64 {
    0.5
}

/// The factory `beam_ner`.
pub(crate) fn beam_ner(
    config: BeamNerFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    let BeamNerFactoryConfig {
        moves, update_with_oracle_cut_size, model, incorrect_spans_key, scorer, ..
    } = config;
    if config.beam_width == 0 {
        return Err(builder.invalid("beam_width", "expected at least 1, found 0"));
    }
    let beam = RecognizerSettings {
        update_with_oracle_cut_size,
        incorrect_spans_key: incorrect_spans_key.clone(),
        beam_width: config.beam_width,
        beam_density: config.beam_density,
        beam_update_prob: config.beam_update_prob,
        other: serde_json::Map::new(),
        hidden_dropout: RecognizerSettings::HIDDEN_DROPOUT,
    };
    let config = NerFactoryConfig { moves, update_with_oracle_cut_size, model, incorrect_spans_key, scorer };
    recognizer(config, beam, builder)
}

fn recognizer(
    config: NerFactoryConfig,
    settings: RecognizerSettings,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    if config.moves.is_some() {
        return Err(
            builder.invalid("moves", "expected null: actions come from the data or from a label file")
        );
    }
    let scorer = config.scorer.as_ref().map(|scorer| builder.build(Kind::Scorers, scorer));
    let scorer: Option<Box<dyn Scorer>> = scorer.transpose()?;
    let architecture: TransitionBasedParser = builder.build(Kind::Architectures, &config.model)?;
    Ok(ComponentRecipe::new(|init| EntityRecognizer::new(settings, architecture, scorer, init)))
}

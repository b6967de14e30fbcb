use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::Sentencizer;
use ner_model::{Recipe, TokenSource, TokenVectors, TransitionBasedParser};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::recognizer::entity_recognizer::RecognizerSettings;

/// What is needed to make a component: all but labels and weights.
#[derive(Debug)]
pub(crate) enum ComponentRecipe {
    /// Shared token vectors.
    Tok2Vec(Recipe<dyn TokenVectors>),
    /// A recogniser.
    EntityRecognizer(RecognizerSettings, TransitionBasedParser),
    /// A finder of sentences.
    Sentencizer(Sentencizer),
}

/// Token vectors that later components share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tok2VecFactoryConfig {
    /// The network.
    pub model: Block,
}

/// The factory `tok2vec`.
pub(crate) fn tok2vec(
    config: Tok2VecFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    match builder.build(Kind::Architectures, &config.model)? {
        TokenSource::Own(recipe) => Ok(ComponentRecipe::Tok2Vec(recipe)),
        TokenSource::Listener(_) => Err(builder.invalid(
            "model",
            "expected a network that gives token vectors, found a listener: it belongs to a component that takes \
             its token vectors from this one, as model.tok2vec",
        )),
    }
}

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
    Some(Block::function(Kind::Scorers, crate::registrations::NER_SCORER))
}

/// The factory `ner`.
pub(crate) fn ner(config: NerFactoryConfig, builder: &Builder<'_>) -> Result<ComponentRecipe, ConfigError> {
    let greedy = RecognizerSettings {
        update_with_oracle_cut_size: config.update_with_oracle_cut_size,
        incorrect_spans_key: config.incorrect_spans_key.clone(),
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
    if let Some(scorer) = &config.scorer {
        builder.build::<NerScorer>(Kind::Scorers, scorer)?;
    }
    Ok(ComponentRecipe::EntityRecognizer(settings, builder.build(Kind::Architectures, &config.model)?))
}

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
    if let Some(scorer) = &config.scorer {
        builder.build::<SentenceScorer>(Kind::Scorers, scorer)?;
    }
    let given = config.punct_chars.filter(|given| !given.is_empty());
    Ok(ComponentRecipe::Sentencizer(match given {
        Some(given) => Sentencizer::new(given, config.overwrite),
        None => Sentencizer::with_default_punct_chars(config.overwrite),
    }))
}

/// Exact match of sentences.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentenceScorer {}

/// `spacy.senter_scorer.v1`
pub(crate) fn senter_scorer(config: SentenceScorer, _: &Builder<'_>) -> Result<SentenceScorer, ConfigError> {
    Ok(config)
}

/// Exact match of entities, the one way in which recognisers are scored.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NerScorer {}

/// `spacy.ner_scorer.v1`
pub(crate) fn ner_scorer(config: NerScorer, _: &Builder<'_>) -> Result<NerScorer, ConfigError> {
    Ok(config)
}

/// The tokeniser of spaCy's rules, those of the pipeline's language or of its file `tokenizer`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleTokenizer {}

/// `spacy.Tokenizer.v1`
pub(crate) fn tokenizer(config: RuleTokenizer, _: &Builder<'_>) -> Result<RuleTokenizer, ConfigError> {
    Ok(config)
}

/// The vocabulary's table of static vectors.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VectorTable {}

/// `spacy.Vectors.v1`
pub(crate) fn vectors(config: VectorTable, _: &Builder<'_>) -> Result<VectorTable, ConfigError> {
    Ok(config)
}

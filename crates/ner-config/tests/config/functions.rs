//! The functions of spaCy that the golden configurations name, as descriptions: they build nothing, except that a
//! model builds its parts.

#![expect(dead_code, reason = "only the names, types and defaults of arguments matter here")]

use ner_config::{Block, Builder, ConfigError, Kind, NumberOrBlock, Registry, Table};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::transformers;

macro_rules! config {
    ($name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty),* $(,)? }) => {
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $($(#[$attribute])* $field: $type),* }
    };
}
pub(crate) use config;

config!(NoArguments {});
config!(Parser {
    tok2vec: Block, state_type: String, extra_state_tokens: bool, hidden_width: usize, maxout_pieces: usize,
    use_upper: bool, #[serde(rename = "nO", default)] n_outputs: Option<usize>,
});
config!(ParserV1 {
    tok2vec: Block, state_type: String, extra_state_tokens: bool, hidden_width: usize, maxout_pieces: usize,
    #[serde(default = "yes")] use_upper: bool, #[serde(rename = "nO", default)] n_outputs: Option<usize>,
});
config!(HashEmbedCnn {
    width: usize, depth: usize, embed_size: usize, window_size: usize, maxout_pieces: usize, subword_features: bool,
    pretrained_vectors: Option<bool>,
});
config!(Tok2Vec { embed: Block, encode: Block });
config!(MultiHashEmbed { width: usize, attrs: Vec<String>, rows: Vec<usize>, include_static_vectors: bool });
config!(DocumentMemory { tok2vec: Block, maxout_pieces: usize });
config!(WordEmbed {
    width: usize, rows: usize, prefixes: Vec<usize>, suffixes: Vec<usize>, affix_width: usize, affix_rows: usize,
    char_width: usize, char_filters: usize, include_static_vectors: bool,
});
config!(MaxoutWindowEncoder { width: usize, window_size: usize, maxout_pieces: usize, depth: usize });
config!(Listener {
    width: usize,
    #[serde(default = "star")]
    upstream: String
});
config!(Ner {
    #[serde(default)] moves: Option<Table>, #[serde(default = "hundred")] update_with_oracle_cut_size: usize,
    #[serde(default = "default_parser")] model: Block, #[serde(default)] incorrect_spans_key: Option<String>,
    #[serde(default = "ner_scorer")] scorer: Option<Block>,
});
config!(BeamNer {
    #[serde(default)] moves: Option<Table>, #[serde(default = "hundred")] update_with_oracle_cut_size: usize,
    #[serde(default = "default_parser")] model: Block, #[serde(default = "beam_density")] beam_density: f64,
    #[serde(default = "beam_update_prob")] beam_update_prob: f64, #[serde(default = "beam_width")] beam_width: usize,
    #[serde(default)] incorrect_spans_key: Option<String>, #[serde(default = "ner_scorer")] scorer: Option<Block>,
});
config!(Tok2VecComponent {
    #[serde(default = "default_tok2vec")]
    model: Block
});
config!(Sentencizer {
    #[serde(default)] punct_chars: Option<Vec<String>>, #[serde(default)] overwrite: bool,
    #[serde(default = "senter_scorer")] scorer: Option<Block>,
});
config!(EntityRuler {
    #[serde(default)] phrase_matcher_attr: Option<String>,
    #[serde(default = "levenshtein")] matcher_fuzzy_compare: Block, #[serde(default)] validate: bool,
    #[serde(default)] overwrite_ents: bool, #[serde(default = "bars")] ent_id_sep: String,
    #[serde(default = "ruler_scorer")] scorer: Option<Block>,
});
config!(Adam {
    #[serde(default = "learn_rate")]
    learn_rate: NumberOrBlock,
    #[serde(rename = "L2", default)]
    l2: f64,
    #[serde(default = "beta1")]
    beta1: f64,
    #[serde(default = "beta2")]
    beta2: f64,
    #[serde(default = "eps")]
    eps: f64,
    #[serde(default = "one")]
    grad_clip: f64,
    #[serde(rename = "L2_is_weight_decay", default = "yes")]
    decay: bool,
    #[serde(default = "yes")]
    use_averages: bool,
});
config!(DecayingAverages {
    #[serde(default = "learn_rate")]
    learn_rate: NumberOrBlock,
    #[serde(rename = "L2", default)]
    l2: f64,
    #[serde(default = "beta1")]
    beta1: f64,
    #[serde(default = "beta2")]
    beta2: f64,
    #[serde(default = "eps")]
    eps: f64,
    #[serde(default = "one")]
    grad_clip: f64,
    #[serde(rename = "L2_is_weight_decay", default = "yes")]
    decay: bool,
    average_decay: f64,
});
config!(WarmupCosine { initial_rate: f64, warmup_steps: usize, total_steps: usize });
config!(UnseenWords { level: f64, min_length: usize });
config!(RAdam {
    #[serde(default = "learn_rate")]
    learn_rate: NumberOrBlock,
    #[serde(default = "beta1")]
    beta1: f64,
    #[serde(default = "beta2")]
    beta2: f64,
    #[serde(default = "eps")]
    eps: f64,
    #[serde(rename = "L2", default)]
    l2: f64,
    #[serde(rename = "L2_is_weight_decay", default = "yes")]
    decay: bool,
    #[serde(default = "one")]
    grad_clip: f64,
    #[serde(default = "yes")]
    use_averages: bool,
});
config!(Compounding {
    start: f64,
    stop: f64,
    compound: f64,
    #[serde(default)]
    t: f64
});
config!(WarmupLinear { initial_rate: f64, warmup_steps: usize, total_steps: usize });
config!(BatchByWords {
    size: NumberOrBlock, tolerance: f64, discard_oversize: bool, #[serde(default)] get_length: Option<Block>,
});
config!(BatchByPadded {
    size: NumberOrBlock, buffer: usize, discard_oversize: bool, #[serde(default)] get_length: Option<Block>,
});
config!(BatchBySequence { size: NumberOrBlock, #[serde(default)] get_length: Option<Block> });
config!(Corpus {
    path: Option<String>, gold_preproc: bool, #[serde(default)] max_length: usize, #[serde(default)] limit: usize,
    #[serde(default)] augmenter: Option<Block>,
});
config!(ReadLabels {
    path: String,
    #[serde(default)]
    require: bool
});
config!(ConsoleLogger {
    #[serde(default)]
    progress_bar: bool
});

pub(crate) fn star() -> String {
    "*".to_owned()
}
fn bars() -> String {
    "||".to_owned()
}
fn hundred() -> usize {
    100
}
fn beam_density() -> f64 {
    0.01
}
fn beam_update_prob() -> f64 {
    0.5
}
fn beam_width() -> usize {
    32
}
fn learn_rate() -> NumberOrBlock {
    NumberOrBlock::Number(0.001)
}
fn beta1() -> f64 {
    0.9
}
fn beta2() -> f64 {
    0.999
}
fn eps() -> f64 {
    1e-8
}
pub(crate) fn one() -> f64 {
    1.0
}
fn yes() -> bool {
    true
}
fn ner_scorer() -> Option<Block> {
    Some(Block::function(Kind::Scorers, "spacy.ner_scorer.v1"))
}
fn senter_scorer() -> Option<Block> {
    Some(Block::function(Kind::Scorers, "spacy.senter_scorer.v1"))
}
fn ruler_scorer() -> Option<Block> {
    Some(Block::function(Kind::Scorers, "spacy.entity_ruler_scorer.v1"))
}
fn levenshtein() -> Block {
    Block::function(Kind::Misc, "spacy.levenshtein_compare.v1")
}

fn default_tok2vec() -> Block {
    Block::function(Kind::Architectures, "spacy.HashEmbedCNN.v2")
        .with("pretrained_vectors", ner_config::Value::Null)
        .with("width", 96)
        .with("depth", 4)
        .with("embed_size", 2000)
        .with("window_size", 1)
        .with("maxout_pieces", 3)
        .with("subword_features", true)
}

fn default_parser() -> Block {
    Block::function(Kind::Architectures, "spacy.TransitionBasedParser.v2")
        .with("state_type", "ner")
        .with("extra_state_tokens", false)
        .with("hidden_width", 64)
        .with("maxout_pieces", 2)
        .with("use_upper", true)
        .with("tok2vec", default_tok2vec().table().clone())
}

pub(crate) fn nothing<Config>(_: Config, _: &Builder) -> Result<(), ConfigError> {
    Ok(())
}

fn parser(config: Parser, builder: &Builder) -> Result<(), ConfigError> {
    builder.build(Kind::Architectures, &config.tok2vec)
}

fn tok2vec(config: Tok2Vec, builder: &Builder) -> Result<(), ConfigError> {
    builder.build::<()>(Kind::Architectures, &config.encode)?;
    builder.build(Kind::Architectures, &config.embed)
}

fn multi_hash_embed(config: MultiHashEmbed, builder: &Builder) -> Result<(), ConfigError> {
    let (attrs, rows) = (config.attrs.len(), config.rows.len());
    if attrs == rows {
        Ok(())
    } else {
        Err(builder.invalid("rows", format!("expected {attrs} numbers, found {rows}")))
    }
}

pub(crate) fn registry() -> Registry {
    let mut registry = Registry::new();
    let ents = [("ents_f", Some(1.0)), ("ents_p", Some(0.0)), ("ents_r", Some(0.0)), ("ents_per_type", None)];
    let sents = [("sents_f", Some(1.0)), ("sents_p", Some(0.0)), ("sents_r", Some(0.0))];
    registry
        .add(Kind::Architectures, "spacy.TransitionBasedParser.v1", nothing::<ParserV1>)
        .add(Kind::Architectures, "spacy.TransitionBasedParser.v2", parser)
        .add(Kind::Architectures, "spacy.HashEmbedCNN.v1", nothing::<HashEmbedCnn>)
        .add(Kind::Architectures, "spacy.HashEmbedCNN.v2", nothing::<HashEmbedCnn>)
        .add(Kind::Architectures, "spacy.Tok2Vec.v2", tok2vec)
        .add(Kind::Architectures, "spacy.MultiHashEmbed.v2", multi_hash_embed)
        .add(Kind::Architectures, "spacy.MaxoutWindowEncoder.v2", nothing::<MaxoutWindowEncoder>)
        .add(Kind::Architectures, "spacy.Tok2VecListener.v1", nothing::<Listener>)
        .add(Kind::Architectures, "ner.DocumentMemory.v1", nothing::<DocumentMemory>)
        .add(Kind::Architectures, "ner.WordEmbed.v1", nothing::<WordEmbed>)
        .add(Kind::Optimizers, "Adam.v1", nothing::<Adam>)
        .add(Kind::Optimizers, "RAdam.v1", nothing::<RAdam>)
        .add(Kind::Optimizers, "ner.Adam.v1", nothing::<DecayingAverages>)
        .add(Kind::Schedules, "ner.warmup_cosine.v1", nothing::<WarmupCosine>)
        .add(Kind::Augmenters, "ner.unseen_words.v1", nothing::<UnseenWords>)
        .add(Kind::Schedules, "compounding.v1", nothing::<Compounding>)
        .add(Kind::Schedules, "warmup_linear.v1", nothing::<WarmupLinear>)
        .add(Kind::Batchers, "spacy.batch_by_words.v1", nothing::<BatchByWords>)
        .add(Kind::Batchers, "spacy.batch_by_padded.v1", nothing::<BatchByPadded>)
        .add(Kind::Batchers, "spacy.batch_by_sequence.v1", nothing::<BatchBySequence>)
        .add(Kind::Readers, "spacy.Corpus.v1", nothing::<Corpus>)
        .add(Kind::Readers, "spacy.read_labels.v1", nothing::<ReadLabels>)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v1", nothing::<ConsoleLogger>)
        .add(Kind::Tokenizers, "spacy.Tokenizer.v1", nothing::<NoArguments>)
        .add(Kind::Vectors, "spacy.Vectors.v1", nothing::<NoArguments>)
        .add(Kind::Misc, "spacy.levenshtein_compare.v1", nothing::<NoArguments>)
        .add(Kind::Scorers, "spacy.ner_scorer.v1", nothing::<NoArguments>)
        .add(Kind::Scorers, "spacy.senter_scorer.v1", nothing::<NoArguments>)
        .add(Kind::Scorers, "spacy.entity_ruler_scorer.v1", nothing::<NoArguments>)
        .add_component("ner", &ents, |config: Ner, builder: &Builder| {
            builder.build::<()>(Kind::Architectures, &config.model)
        })
        .add_component("beam_ner", &ents, nothing::<BeamNer>)
        .add_component("tok2vec", &[], nothing::<Tok2VecComponent>)
        .add_component("sentencizer", &sents, nothing::<Sentencizer>)
        .add_component("entity_ruler", &ents, nothing::<EntityRuler>);
    transformers::register(&mut registry);
    registry
}

//! Everything of a pipeline that a config can name.

use ner_config::{Block, Kind, Registry, Value};

use crate::assembly::{chinese_tokenizer, tokenizer, vectors};
use crate::callbacks::{copy_from_base_model, models_and_pipes_with_nvtx_range, models_with_nvtx_range};
use crate::components::{SkippedComponent, sentencizer, tok2vec};
use crate::recognizer::{beam_ner, ner};
use crate::scorers::{ner_scorer, senter_scorer};

/// The scorer that recognisers have unless the config says otherwise.
pub(crate) const NER_SCORER: &str = "spacy.ner_scorer.v1";

/// The scorer that finders of sentences have unless the config says otherwise.
pub(crate) const SENTENCE_SCORER: &str = "spacy.senter_scorer.v1";

/// The callback of `[initialize.before_init]` that takes a new pipeline's tokenizer from elsewhere.
pub const COPY_FROM_BASE_MODEL: &str = "spacy.copy_from_base_model.v1";

/// The tokenizer whose rules are those of a pipeline or of its language.
pub const RULE_TOKENIZER: &str = "spacy.Tokenizer.v1";

/// How the scores of a recogniser count unless the config says otherwise.
const SCORE_WEIGHTS: &[(&str, Option<f64>)] =
    &[("ents_f", Some(1.0)), ("ents_p", Some(0.0)), ("ents_r", Some(0.0)), ("ents_per_type", None)];

/// The same for a finder of sentences.
const SENTENCE_SCORE_WEIGHTS: &[(&str, Option<f64>)] =
    &[("sents_f", Some(1.0)), ("sents_p", Some(0.0)), ("sents_r", Some(0.0))];

/// The network of token vectors that a component has unless the config says otherwise.
// spaCy: as its own factories have them (pipeline/tok2vec.py, pipeline/ner.pyx), keys in this order.
pub(crate) fn default_tok2vec() -> Block {
    Block::function(Kind::Architectures, "spacy.HashEmbedCNN.v2")
        .with("pretrained_vectors", Value::Null)
        .with("width", 96)
        .with("depth", 4)
        .with("embed_size", 2000)
        .with("window_size", 1)
        .with("maxout_pieces", 3)
        .with("subword_features", true)
}

/// The network of a recogniser, for the same case.
pub(crate) fn default_parser() -> Block {
    Block::function(Kind::Architectures, "spacy.TransitionBasedParser.v2")
        .with("state_type", "ner")
        .with("extra_state_tokens", false)
        .with("hidden_width", 64)
        .with("maxout_pieces", 2)
        .with("use_upper", true)
        .with("tok2vec", default_tok2vec().table().clone())
}

/// What to do without a component that is spaCy's own.
const OF_SPACY: &str = "a component of spaCy that this program does not have; with a `source`, and in \
                        training.frozen_components, it is kept as it is";

/// What to do without a transformer.
const TRANSFORMERS: &str = "transformers are not available yet: take the token vectors of a tok2vec, as `ner init \
                            config` writes them";

/// Functions of configs with a transformer.
const OF_TRANSFORMERS: [&str; 7] = [
    "spacy-transformers.TransformerModel.v1",
    "spacy-transformers.TransformerModel.v2",
    "spacy-transformers.TransformerModel.v3",
    "spacy-transformers.Tok2VecTransformer.v1",
    "spacy-transformers.Tok2VecTransformer.v2",
    "spacy-transformers.Tok2VecTransformer.v3",
    "spacy-curated-transformers.WithStridedSpans.v1",
];

/// Registers the components, and the tokenizer, vectors and scorer that configs of spaCy name.
pub fn register(registry: &mut Registry) {
    registry
        .add_component("tok2vec", &[], tok2vec)
        .add_component("ner", SCORE_WEIGHTS, ner)
        .add_component("beam_ner", SCORE_WEIGHTS, beam_ner)
        .add_component("sentencizer", SENTENCE_SCORE_WEIGHTS, sentencizer)
        .add(Kind::Scorers, NER_SCORER, ner_scorer)
        .add(Kind::Scorers, SENTENCE_SCORER, senter_scorer)
        .add(Kind::Callbacks, COPY_FROM_BASE_MODEL, copy_from_base_model)
        .add(Kind::Callbacks, "spacy.models_with_nvtx_range.v1", models_with_nvtx_range)
        .add(Kind::Callbacks, "spacy.models_and_pipes_with_nvtx_range.v1", models_and_pipes_with_nvtx_range)
        .add(Kind::Tokenizers, RULE_TOKENIZER, tokenizer)
        .add(Kind::Tokenizers, "spacy.zh.ChineseTokenizer", chinese_tokenizer)
        .add(Kind::Vectors, "spacy.Vectors.v1", vectors);
    for factory in SkippedComponent::of_spacy() {
        let is_transformer = factory.ends_with("transformer");
        registry.lack(Kind::Factories, factory, if is_transformer { TRANSFORMERS } else { OF_SPACY });
    }
    for architecture in OF_TRANSFORMERS {
        registry.lack(Kind::Architectures, architecture, TRANSFORMERS);
    }
    registry.lack(
        Kind::Misc,
        "spacy.LookupsDataLoader.v1",
        "set the block to null, as it is without the package spacy-lookups-data",
    );
}

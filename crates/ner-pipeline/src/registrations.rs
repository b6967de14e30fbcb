//! Everything of a pipeline that a config can name.

use ner_config::{Block, Kind, Registry, Table, Value};
use ner_model::SharedKind;

use crate::assembly::{chinese_tokenizer, tokenizer, vectors};
use crate::callbacks::{
    copy_from_base_model, gradual_unfreezing, models_and_pipes_with_nvtx_range, models_with_nvtx_range,
};
use crate::components::{SkippedComponent, curated_transformer, sentencizer, tok2vec, transformer};
use crate::learning::label_smoothing;
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

/// The token vectors of a component that has a transformer to itself.
pub(crate) const TOK2VEC_TRANSFORMER: &str = "spacy-transformers.Tok2VecTransformer.v3";

/// The architecture that listens to a component which shares rows of this kind.
pub(crate) fn listener_to(kind: SharedKind) -> &'static str {
    match kind {
        SharedKind::Tok2Vec => "spacy.Tok2VecListener.v1",
        SharedKind::Transformer => "spacy-transformers.TransformerListener.v1",
        SharedKind::CuratedTransformer { .. } => "spacy-curated-transformers.LastTransformerLayerListener.v1",
    }
}

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

/// The network of a `transformer` unless the config says otherwise.
// spaCy: as its own factory has it (spacy_transformers/pipeline_component.py), keys in this order.
pub(crate) fn default_transformer() -> Block {
    let spans = Block::function(Kind::SpanGetters, "spacy-transformers.strided_spans.v1");
    let spans = spans.with("window", 128).with("stride", 96);
    Block::function(Kind::Architectures, "spacy-transformers.TransformerModel.v3")
        .with("name", "roberta-base")
        .with("tokenizer_config", Table::from_iter([("use_fast".to_owned(), Value::from(true))]))
        .with("transformer_config", Table::new())
        .with("mixed_precision", false)
        .with("grad_scaler_config", Table::new())
        .with("get_spans", spans.table().clone())
}

/// What a `transformer` keeps beside vectors unless the config says otherwise.
pub(crate) fn default_annotations() -> Block {
    Block::function(Kind::AnnotationSetters, "spacy-transformers.null_annotation_setter.v1")
}

/// The network of a `curated_transformer` unless the config says otherwise.
pub(crate) fn default_curated_transformer() -> Block {
    let pieces =
        Block::function(Kind::Architectures, "spacy-curated-transformers.XlmrSentencepieceEncoder.v1");
    let spans = Block::function(Kind::Architectures, "spacy-curated-transformers.WithStridedSpans.v1");
    Block::function(Kind::Architectures, "spacy-curated-transformers.XlmrTransformer.v1")
        .with("vocab_size", 250_002)
        .with("piece_encoder", pieces.table().clone())
        .with("with_spans", spans.table().clone())
}

/// Registers the components, and the tokenizer, vectors and scorer that configs of spaCy name.
pub fn register(registry: &mut Registry) {
    registry
        .add_component("tok2vec", &[], tok2vec)
        .add_component("ner", SCORE_WEIGHTS, ner)
        .add_component("beam_ner", SCORE_WEIGHTS, beam_ner)
        .add_component("transformer", &[], transformer)
        .add_component("curated_transformer", &[], curated_transformer)
        .add_component("sentencizer", SENTENCE_SCORE_WEIGHTS, sentencizer)
        .add(Kind::Objectives, "ner.label_smoothing.v1", label_smoothing)
        .add(Kind::Scorers, NER_SCORER, ner_scorer)
        .add(Kind::Scorers, SENTENCE_SCORER, senter_scorer)
        .add(Kind::Callbacks, COPY_FROM_BASE_MODEL, copy_from_base_model)
        .add(
            Kind::Callbacks,
            "spacy-curated-transformers.gradual_transformer_unfreezing.v1",
            gradual_unfreezing,
        )
        .add(Kind::Callbacks, "spacy.models_with_nvtx_range.v1", models_with_nvtx_range)
        .add(Kind::Callbacks, "spacy.models_and_pipes_with_nvtx_range.v1", models_and_pipes_with_nvtx_range)
        .add(Kind::Tokenizers, RULE_TOKENIZER, tokenizer)
        .add(Kind::Tokenizers, "spacy.zh.ChineseTokenizer", chinese_tokenizer)
        .add(Kind::Vectors, "spacy.Vectors.v1", vectors);
    for factory in SkippedComponent::of_spacy() {
        registry.lack(Kind::Factories, factory, OF_SPACY);
    }
    registry.lack(
        Kind::Misc,
        "spacy.LookupsDataLoader.v1",
        "set the block to null, as it is without the package spacy-lookups-data",
    );
}

//! Everything of a pipeline that a config can name.

use ner_config::{Kind, Registry};

use crate::assembly::{chinese_tokenizer, tokenizer, vectors};
use crate::components::{sentencizer, tok2vec};
use crate::creation::copy_from_base_model;
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
        .add(Kind::Tokenizers, RULE_TOKENIZER, tokenizer)
        .add(Kind::Tokenizers, "spacy.zh.ChineseTokenizer", chinese_tokenizer)
        .add(Kind::Vectors, "spacy.Vectors.v1", vectors);
}

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Precision, recall and their harmonic mean.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Precision.
    pub p: f64,
    /// Recall.
    pub r: f64,
    /// F: harmonic mean of the two.
    pub f: f64,
}

/// The scores of a set of documents under spaCy's names; `None` where nothing could be counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Share of predicted tokens that align to exactly one true token.
    pub token_acc: Option<f64>,
    /// Precision of the tokens' spans of characters.
    pub token_p: Option<f64>,
    /// Recall of the tokens' spans of characters.
    pub token_r: Option<f64>,
    /// F of the tokens' spans of characters.
    pub token_f: Option<f64>,
    /// Precision of entities: label and boundaries must be right.
    pub ents_p: Option<f64>,
    /// Recall of entities.
    pub ents_r: Option<f64>,
    /// F of entities.
    pub ents_f: Option<f64>,
    /// Scores by label, in the order in which the labels were met.
    pub ents_per_type: Option<IndexMap<String, Score>>,
    /// Precision of sentences: both borders must be right. Left out where sentences are not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sents_p: Option<f64>,
    /// Recall of sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sents_r: Option<f64>,
    /// F of sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sents_f: Option<f64>,
}

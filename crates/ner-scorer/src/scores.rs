use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

/// Scores by spaCy's names: numbers, tables of numbers, or null for what could not be measured.
pub type Scores = IndexMap<String, Value>;

/// Precision, recall and F under the names `PREFIX_p`, `PREFIX_r` and `PREFIX_f`; null where nothing was counted.
pub(crate) fn named(prefix: &str, score: Option<Score>) -> Scores {
    let parts = [
        ("p", score.map(|score| score.p)),
        ("r", score.map(|score| score.r)),
        ("f", score.map(|score| score.f)),
    ];
    parts.into_iter().map(|(part, value)| (format!("{prefix}_{part}"), json!(value))).collect()
}

use ner_vocab::Attribute;
use serde::{Deserialize, Serialize};

use crate::VectorsError;

/// How words find their vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A vector is the mean of rows that the parts of all words share, so that every word has one.
    Floret,
    /// Each word of the text has a row; others have no vector.
    Table,
}

/// What is learned, and how. The names are fastText's and floret's where these have them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How words find their vectors.
    pub mode: Mode,
    /// The feature of a token that stands for it: `ORTH`, `LOWER` or `NORM`.
    pub attr: Attribute,
    /// The length of a vector.
    pub dim: usize,
    /// The shortest parts of a word, in characters.
    pub minn: usize,
    /// The longest parts; 0: words have no parts.
    pub maxn: usize,
    /// Rows that parts are hashed to.
    pub bucket: usize,
    /// Rows a part, 1 to 4.
    pub hash_count: usize,
    /// The largest distance of a word from its context.
    pub window: usize,
    /// Words drawn against each word.
    pub negative: usize,
    /// Passes over the text.
    pub epochs: usize,
    /// The learning rate at the beginning; it falls to 0 in a line.
    pub learn_rate: f32,
    /// Rarer words are neither learned from nor given a row of their own in training.
    pub min_count: u64,
    /// The share of the text from which on a word is left out at times.
    pub sample: f64,
    /// The seed of all draws.
    pub seed: u64,
}

impl Settings {
    /// Fails if a setting means nothing; the message begins with its name.
    pub fn check(&self) -> Result<(), VectorsError> {
        let in_range = |name: &'static str, is_right: bool, expected: &'static str| match is_right {
            true => Ok(()),
            false => Err(VectorsError::Setting { name, expected }),
        };
        let is_feature = [Attribute::ORTH, Attribute::LOWER, Attribute::NORM].contains(&self.attr);
        in_range("attr", is_feature, "ORTH, LOWER or NORM")?;
        in_range("dim", (1..=4096).contains(&self.dim), "1 to 4096")?;
        in_range("minn", self.minn >= 1, "at least 1")?;
        in_range("maxn", self.maxn == 0 || (self.minn..=32).contains(&self.maxn), "0, or minn to 32")?;
        in_range("bucket", (1..=1 << 30).contains(&self.bucket), "1 to 2^30")?;
        in_range("hash_count", (1..=4).contains(&self.hash_count), "1 to 4")?;
        in_range("window", (1..=1000).contains(&self.window), "1 to 1000")?;
        in_range("negative", (1..=1000).contains(&self.negative), "1 to 1000")?;
        in_range("epochs", self.epochs >= 1, "at least 1")?;
        in_range("learn_rate", self.learn_rate > 0.0 && self.learn_rate <= 1.0, "more than 0, at most 1")?;
        in_range("sample", self.sample > 0.0 && self.sample <= 1.0, "more than 0, at most 1")
    }

    /// The first setting that differs from that of other ones, and how.
    pub(crate) fn difference(&self, now: &Settings) -> Option<String> {
        let values = |settings: &Settings| serde_json::to_value(settings).expect("settings are JSON");
        let (before, now) = (values(self), values(now));
        let before = before.as_object().into_iter().flatten();
        let mut differing = before.filter(|(name, value)| now[name.as_str()] != **value);
        differing.next().map(|(name, value)| format!("{name} was {value} and is {}", now[name.as_str()]))
    }
}

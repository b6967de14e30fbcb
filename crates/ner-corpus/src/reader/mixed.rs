use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_cpython::{PythonRandom, SharedRandom};
use ner_formats::account::Account;
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ExampleSource, Examples};
use crate::CorpusError;

/// Examples of several corpora in given shares. It ends with the first corpus; the others begin again where they are
/// shorter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MixedConfig {
    /// The readers by names of your choice. The first is read once.
    pub corpora: IndexMap<String, Block>,
    /// For each of these names how much of the mixture comes from it. Only their relation counts.
    pub shares: IndexMap<String, f64>,
}

/// Mixes the examples of several sources.
pub struct Mixed {
    parts: Vec<Part>,
    /// The sum of all shares.
    total: f64,
}

struct Part {
    name: String,
    source: Box<dyn ExampleSource>,
    share: f64,
    /// The accounts of its first round in the last pass, if that is over; a round that is not would lack files.
    first_round: Mutex<Option<Vec<Account>>>,
}

impl Part {
    fn first_round(&self) -> MutexGuard<'_, Option<Vec<Account>>> {
        self.first_round.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn mixed(config: MixedConfig, builder: &Builder) -> Result<Box<dyn ExampleSource>, ConfigError> {
    let MixedConfig { corpora, mut shares } = config;
    if corpora.is_empty() {
        return Err(builder.invalid("corpora", "expected a reader, found none; give one as corpora.NAME"));
    }
    let mut parts = Vec::new();
    for (name, block) in corpora {
        let share = shares.shift_remove(&name);
        let share = share.filter(|share| share.is_finite() && *share > 0.0).ok_or_else(|| {
            let found = share.map_or_else(|| "none".to_owned(), |share| share.to_string());
            let message = format!("expected a share of more than 0 for the corpus {name:?}, found {found}");
            builder.invalid("shares", message)
        })?;
        parts.push((name, builder.build(Kind::Readers, &block)?, share));
    }
    if let Some(name) = shares.keys().next() {
        let message = format!("there is no corpus {name:?}; delete its share, or give it a reader");
        return Err(builder.invalid("shares", message));
    }
    Ok(Box::new(Mixed::new(parts)))
}

impl Mixed {
    /// Mixes named sources with their shares, of which only their relation counts. The first is read once.
    pub fn new(parts: Vec<(String, Box<dyn ExampleSource>, f64)>) -> Mixed {
        let total = parts.iter().map(|(_, _, share)| share).sum();
        let part = |(name, source, share)| Part { name, source, share, first_round: Mutex::default() };
        Mixed { parts: parts.into_iter().map(part).collect(), total }
    }

    /// The index of the source that gives the next example.
    fn draw(&self, random: &mut PythonRandom) -> usize {
        let mut rest = random.random() * self.total;
        let index = self.parts.iter().position(|part| {
            rest -= part.share;
            rest < 0.0
        });
        // Sums of shares are rounded, so that a number just below the total may be left over.
        index.unwrap_or(self.parts.len() - 1)
    }
}

impl ExampleSource for Mixed {
    /// The source of each example is drawn from `random` when the example is taken, before its augmenter draws. The end
    /// comes where the first source is drawn and has no more, so that each of its examples was given once.
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a> {
        let start = |part: &'a Part| {
            *part.first_round() = None;
            part.source.examples(tokenizer, random)
        };
        let mut streams: Vec<_> = self.parts.iter().map(start).collect();
        let next = move || {
            let index = random.draw(|random| self.draw(random));
            if let Some(example) = streams[index].next() {
                return Some(example);
            }
            if index == 0 {
                return None;
            }
            let part = &self.parts[index];
            part.first_round().get_or_insert_with(|| part.source.accounts());
            streams[index] = part.source.examples(tokenizer, random);
            let no_example = || Err(CorpusError::NothingToMix { name: part.name.clone() });
            Some(streams[index].next().unwrap_or_else(no_example))
        };
        Box::new(std::iter::from_fn(next))
    }

    fn accounts(&self) -> Vec<Account> {
        let accounts = |part: &Part| part.first_round().clone().unwrap_or_else(|| part.source.accounts());
        self.parts.iter().flat_map(accounts).collect()
    }
}

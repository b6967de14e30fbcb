use ner_config::Table;
use ner_cpython::murmur64a;
use ner_pipeline::Pipeline;
use serde::{Deserialize, Serialize};

use super::progress::Progress;
use crate::run::TrainCorpus;
use crate::{Fingerprint, StreamPlace, TrainingError};

/// The place of a pretraining between two steps, and what it has seen so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    /// The epoch that comes next, or in which it is.
    pub(super) epoch: usize,
    /// Sizes that the batcher had drawn when the epoch began.
    pub(super) n_sizes: usize,
    /// The place in the epoch; none between two.
    pub(super) place: Option<StreamPlace>,
    pub(super) progress: Progress,
}

impl State {
    pub(super) fn new(epoch: usize) -> State {
        State { epoch, n_sizes: 0, place: None, progress: Progress::default() }
    }
}

/// What a pretraining was begun with, and has to be resumed with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origin {
    /// The complete config.
    pub(super) config: Table,
    /// The first texts.
    pub(super) corpus: Fingerprint,
    /// MurmurHash64A of the word vectors.
    pub(super) vectors: u64,
}

/// Numbers of word vectors that are hashed at a time, so that no copy of a large table is made.
const HASHED_AT_ONCE: usize = 4096;

impl Origin {
    pub(super) fn new(
        config: Table,
        corpus: &TrainCorpus,
        seed: u64,
        pipeline: &Pipeline,
    ) -> Result<Origin, TrainingError> {
        let vectors = pipeline.vocab().vectors().data().chunks(HASHED_AT_ONCE);
        let vectors = vectors.fold(0, |hash, numbers| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            murmur64a(&bytes, hash)
        });
        Ok(Origin { config, corpus: Fingerprint::of(&*corpus.sample(seed)?), vectors })
    }
}

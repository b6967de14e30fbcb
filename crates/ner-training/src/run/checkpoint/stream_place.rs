use ner_cpython::{PythonRandom, SharedRandom};
use serde::{Deserialize, Serialize};

use super::Fingerprint;
use super::generator::Generator;
use crate::TrainingError;
use crate::run::train_corpus::{Batch, EpochBatches};

/// The place of a run in the epoch of a stream, by which it finds it again.
///
/// A stream is read once more from its start. Its augmenters draw from the generator that updates draw from, too, so that
/// their numbers are only the same ones if those of the updates between them are passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamPlace {
    /// The generator when the epoch began.
    random: Generator<PythonRandom>,
    /// 32-bit words that the update of each step drew from it.
    n_words: Vec<u64>,
    /// Of the examples that were learned from.
    passed: Fingerprint,
}

impl StreamPlace {
    /// The start of an epoch.
    pub(crate) fn start(random: &SharedRandom) -> StreamPlace {
        StreamPlace { random: Generator(random.get()), n_words: Vec::new(), passed: Fingerprint::default() }
    }

    /// Takes note of a batch that is going to be learned from.
    pub(crate) fn pass(&mut self, batch: &Batch<'_>) {
        batch.iter().for_each(|(_, example)| self.passed.add(example));
    }

    /// Takes note of the words that its update drew.
    pub(crate) fn drawn(&mut self, n_words: u64) {
        self.n_words.push(n_words);
    }

    /// Batches up to this place.
    pub(crate) fn n_batches(&self) -> usize {
        self.n_words.len()
    }

    /// Sets the generator back to the start of the epoch.
    pub(crate) fn rewind(&self, random: &SharedRandom) {
        random.set(self.random.0.clone());
    }

    /// Passes over the batches up to this place; the generator is then as it was here.
    pub(crate) fn find(
        &self,
        batches: &mut EpochBatches<'_>,
        random: &SharedRandom,
        corpus: &str,
    ) -> Result<(), TrainingError> {
        let mut found = StreamPlace::start(random);
        for &n_words in &self.n_words {
            let Some(batch) = batches.next() else { break };
            found.pass(&batch?);
            random.draw(|random| random.skip(n_words));
        }
        if found.passed == self.passed {
            return Ok(());
        }
        Err(TrainingError::OtherCorpus {
            corpus: corpus.to_owned(),
            found: found.passed,
            expected: self.passed,
        })
    }
}

use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

use super::read::read_corpus;
use crate::TrainingError;

/// Reads the training corpus anew for each epoch, so that augmenters vary it in another way each time.
pub(super) struct Anew {
    source: Box<dyn ExampleSource>,
    tokenizer: Tokenizer,
    /// The path of the block that reads it.
    path: String,
    seed: u64,
    /// The epoch that the held examples were read for.
    epoch: usize,
}

impl Anew {
    /// The corpus at `path` was read for the epoch 0.
    pub(super) fn new(source: Box<dyn ExampleSource>, tokenizer: Tokenizer, path: String, seed: u64) -> Anew {
        Anew { source, tokenizer, path, seed, epoch: 0 }
    }

    /// The examples as they are before they are varied; `None` if they are not.
    pub(super) fn unvaried(&self) -> Result<Option<Vec<Example>>, TrainingError> {
        Ok(self.source.unvaried(&self.tokenizer).map(Iterator::collect::<Result<_, _>>).transpose()?)
    }

    /// Replaces the examples of another epoch by those of this one; whether it did.
    pub(super) fn renew(&mut self, examples: &mut Vec<Example>, epoch: usize) -> Result<bool, TrainingError> {
        if epoch == self.epoch {
            return Ok(false);
        }
        // Before the new ones are read, or both would be in memory.
        examples.clear();
        // A generator for each epoch, apart from that of the run: examples then depend on the epoch alone, and a resumed
        // run finds them as they were.
        let random = SharedRandom::new(self.seed.wrapping_add(epoch as u64));
        *examples = read_corpus(&*self.source, &self.path, &self.tokenizer, &random)?;
        self.epoch = epoch;
        Ok(true)
    }
}

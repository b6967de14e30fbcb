use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use ner_corpus::CorpusError;
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

use crate::TrainingError;
use crate::batcher::{Batcher, batches};

/// The examples to learn from, epoch by epoch.
pub(crate) enum TrainCorpus {
    /// All examples in memory, shuffled before each epoch.
    Held(Vec<Example>),
    /// Examples that are read anew in each epoch, in their order.
    // The tokenizer is boxed, or both variants would be as large as it is.
    Streamed { source: Box<dyn ExampleSource>, tokenizer: Box<Tokenizer> },
}

/// Examples to learn from in one step, with their numbers in the corpus, from 0.
pub(crate) type Batch<'a> = Vec<(usize, Cow<'a, Example>)>;

/// The batches of an epoch, made as they are asked for.
pub(crate) type EpochBatches<'a> = Box<dyn Iterator<Item = Result<Batch<'a>, TrainingError>> + 'a>;

/// spaCy: of a stream so many examples are looked at for labels (initialize.py).
pub(super) const SAMPLE_SIZE: usize = 100;

impl TrainCorpus {
    pub(crate) fn streamed(source: Box<dyn ExampleSource>, tokenizer: Tokenizer) -> TrainCorpus {
        TrainCorpus::Streamed { source, tokenizer: Box::new(tokenizer) }
    }

    pub(crate) fn is_stream(&self) -> bool {
        matches!(self, TrainCorpus::Streamed { .. })
    }

    /// The examples in memory; none of a stream.
    pub(crate) fn held(&self) -> &[Example] {
        match self {
            TrainCorpus::Held(examples) => examples,
            TrainCorpus::Streamed { .. } => &[],
        }
    }

    /// The same, to be changed.
    pub(crate) fn held_mut(&mut self) -> &mut [Example] {
        match self {
            TrainCorpus::Held(examples) => examples,
            TrainCorpus::Streamed { .. } => &mut [],
        }
    }

    /// All examples, or the first of a stream.
    pub(crate) fn sample(&self, seed: u64) -> Result<Cow<'_, [Example]>, CorpusError> {
        match self {
            TrainCorpus::Held(examples) => Ok(Cow::Borrowed(examples)),
            TrainCorpus::Streamed { source, tokenizer } => {
                // A generator of its own: to look for labels must not shift the draws of training.
                let random = SharedRandom::new(seed);
                let first = source.examples(tokenizer, &random).take(SAMPLE_SIZE);
                first.collect::<Result<Vec<_>, _>>().map(Cow::Owned)
            }
        }
    }

    /// Shuffles the order of the held examples for the epoch that begins.
    pub(crate) fn shuffle(&self, order: &mut Vec<usize>, random: &SharedRandom) {
        if let TrainCorpus::Held(examples) = self {
            // spaCy: each epoch shuffles the order of the one before, not that of the corpus (loop.py).
            // A corpus that is read anew may be of another length, if it is a mixture.
            if order.len() != examples.len() {
                order.clear();
                order.extend(0..examples.len());
            }
            random.draw(|random| random.shuffle(order));
        }
    }

    /// The batches of an epoch, from its first one on. Augmenters of a stream draw from `random`.
    pub(crate) fn epoch<'a>(
        &'a self,
        batcher: &'a mut dyn Batcher,
        order: &'a [usize],
        random: &'a SharedRandom,
    ) -> EpochBatches<'a> {
        let length = |(_, example): &(usize, Cow<'_, Example>)| example.predicted.len();
        match self {
            TrainCorpus::Held(examples) => {
                let numbered = order.iter().map(|&number| (number, Cow::Borrowed(&examples[number])));
                Box::new(batches(batcher, numbered, length))
            }
            TrainCorpus::Streamed { source, tokenizer } => {
                // A batcher takes items, not results, so an error goes around it, from the closure that meets
                // it to the one that reports it.
                let failure = Rc::new(RefCell::new(None));
                let failed = failure.clone();
                let examples = source.examples(tokenizer, random);
                let examples = examples.map_while(move |example| match example {
                    Ok(example) => Some(Cow::Owned(example)),
                    Err(error) => {
                        *failed.borrow_mut() = Some(error);
                        None
                    }
                });
                let mut batches = batches(batcher, examples.enumerate(), length);
                Box::new(std::iter::from_fn(move || {
                    let batch = batches.next();
                    // Where reading failed, nothing is learned from what was left over for a last batch.
                    failure.take().map_or(batch, |error| Some(Err(error.into())))
                }))
            }
        }
    }
}

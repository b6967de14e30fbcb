use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Mutex;

use ner_corpus::CorpusError;
use ner_corpus::reader::ExampleSource;
use ner_cpython::PythonRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

use crate::{Batcher, TrainingError};

/// What is learned from, epoch by epoch.
pub(crate) enum TrainCorpus {
    /// All examples in memory, shuffled before each epoch.
    Held { examples: Vec<Example>, order: Vec<usize> },
    /// Examples that are read anew in each epoch, in their order.
    Streamed { source: Box<dyn ExampleSource>, tokenizer: Box<Tokenizer> },
}

/// Examples to learn from in one step, with their numbers in the corpus, from 0.
pub(crate) type Batch<'a> = Vec<(usize, Cow<'a, Example>)>;

/// The batches of an epoch, made as they are asked for.
pub(crate) type EpochBatches<'a> = Box<dyn Iterator<Item = Result<Batch<'a>, TrainingError>> + 'a>;

/// spaCy: of a stream so many examples are looked at for labels (initialize.py).
const SAMPLE_SIZE: usize = 100;

impl TrainCorpus {
    pub(crate) fn held(examples: Vec<Example>) -> TrainCorpus {
        TrainCorpus::Held { order: (0..examples.len()).collect(), examples }
    }

    pub(crate) fn streamed(source: Box<dyn ExampleSource>, tokenizer: Tokenizer) -> TrainCorpus {
        TrainCorpus::Streamed { source, tokenizer: Box::new(tokenizer) }
    }

    /// The examples in memory; none of a stream.
    pub(crate) fn held_mut(&mut self) -> &mut [Example] {
        match self {
            TrainCorpus::Held { examples, .. } => examples,
            TrainCorpus::Streamed { .. } => &mut [],
        }
    }

    /// All examples, or the first of a stream.
    pub(crate) fn sample(&self, seed: u64) -> Result<Cow<'_, [Example]>, CorpusError> {
        match self {
            TrainCorpus::Held { examples, .. } => Ok(Cow::Borrowed(examples)),
            TrainCorpus::Streamed { source, tokenizer } => {
                let random = Mutex::new(PythonRandom::new(seed));
                let first = source.examples(tokenizer, &random).take(SAMPLE_SIZE);
                first.collect::<Result<Vec<_>, _>>().map(Cow::Owned)
            }
        }
    }

    /// The batches of the next epoch. What shuffles or augments draws from `random`.
    pub(crate) fn epoch<'a>(
        &'a mut self,
        batcher: &'a mut Batcher,
        random: &'a Mutex<PythonRandom>,
    ) -> EpochBatches<'a> {
        let length = |(_, example): &(usize, Cow<'_, Example>)| example.predicted.len();
        match self {
            TrainCorpus::Held { examples, order } => {
                random.lock().expect("nobody panics while drawing").shuffle(order);
                let examples = &*examples;
                let numbered = order.iter().map(|&number| (number, Cow::Borrowed(&examples[number])));
                Box::new(batcher.batches(numbered, length))
            }
            TrainCorpus::Streamed { source, tokenizer } => {
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
                let mut batches = batcher.batches(examples.enumerate(), length);
                Box::new(std::iter::from_fn(move || {
                    let batch = batches.next();
                    // Where reading failed, nothing is learned from what was left over for a last batch.
                    failure.take().map_or(batch, |error| Some(Err(error.into())))
                }))
            }
        }
    }
}

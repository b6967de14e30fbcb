mod anew;
mod read;

use std::borrow::Cow;
use std::collections::BTreeSet;

use ner_config::{Kind, Registry, ResolvedConfig, TrainingConfig};
use ner_corpus::CorpusSummary;
use ner_corpus::reader::{ExampleSource, Shuffled};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_formats::account::Account;
use ner_pipeline::Pipeline;
use ner_vocab::StringId;

use super::train_corpus::TrainCorpus;
use crate::{Finding, TrainingData, TrainingError};
use anew::Anew;
use read::read_corpus;

/// The examples to learn from and those to measure by.
pub(crate) struct Corpora {
    pub(crate) train: TrainCorpus,
    pub(crate) dev: Vec<Example>,
    /// Reads the first anew for each epoch, if it is to be.
    anew: Option<Anew>,
    /// The accounts of the files of both.
    accounts: [Vec<Account>; 2],
}

impl Corpora {
    /// Examples in memory.
    pub(crate) fn held(train: Vec<Example>, dev: Vec<Example>) -> Corpora {
        Corpora { train: TrainCorpus::Held(train), dev, anew: None, accounts: Default::default() }
    }

    /// Reads both corpora once, unless the first is to be streamed; augmenters draw from `random`.
    pub(crate) fn read(
        config: &ResolvedConfig,
        settings: &TrainingConfig,
        registry: &Registry,
        pipeline: &Pipeline,
        random: &SharedRandom,
    ) -> Result<Corpora, TrainingError> {
        let source = |path: &str| -> Result<Box<dyn ExampleSource>, TrainingError> {
            Ok(registry.build(Kind::Readers, &config.block(path)?)?)
        };
        let read = |path: &str| {
            let source = source(path)?;
            let examples = read_corpus(&*source, path, pipeline.tokenizer(), random)?;
            Ok::<_, TrainingError>((examples, source.accounts()))
        };
        // The training corpus before the other: augmenters of both would draw from one generator, so the order
        // is part of the result.
        let (train, train_accounts) = if settings.max_epochs < 0 {
            let mut source = source(&settings.train_corpus)?;
            if let Some(n_held) = settings.shuffle_buffer {
                source = Box::new(Shuffled::new(source, n_held));
            }
            (TrainCorpus::streamed(source, pipeline.tokenizer().clone()), Vec::new())
        } else {
            let (mut examples, accounts) = read(&settings.train_corpus)?;
            if let Some(share) = settings.dev_split {
                let dev: Vec<_> = examples.extract_if(.., |example| is_set_apart(example, share)).collect();
                if dev.is_empty() || examples.is_empty() {
                    return Err(TrainingError::Split { share, documents: dev.len() + examples.len() });
                }
                return Ok(Corpora {
                    train: TrainCorpus::Held(examples),
                    dev,
                    anew: None,
                    accounts: [accounts, Vec::new()],
                });
            }
            (TrainCorpus::Held(examples), accounts)
        };
        // The second is held even beside a stream, since every evaluation goes through all of it.
        let (dev, dev_accounts) = read(&settings.dev_corpus)?;
        let anew = |path: &String| -> Result<Anew, TrainingError> {
            Ok(Anew::new(source(path)?, pipeline.tokenizer().clone(), path.clone(), settings.seed))
        };
        let is_anew = settings.augment_each_epoch.unwrap_or_default();
        let anew = is_anew.then(|| anew(&settings.train_corpus)).transpose()?;
        Ok(Corpora { train, dev, anew, accounts: [train_accounts, dev_accounts] })
    }

    /// The examples to learn from as they are before each epoch varies them; `None` if it does not.
    pub(crate) fn unvaried(&self) -> Result<Option<Vec<Example>>, TrainingError> {
        self.anew.as_ref().map_or(Ok(None), Anew::unvaried)
    }

    /// Reads the examples to learn from anew, if each epoch is to have its own and this one has not; whether it did.
    pub(crate) fn begin_epoch(&mut self, epoch: usize) -> Result<bool, TrainingError> {
        match (&mut self.anew, &mut self.train) {
            (Some(anew), TrainCorpus::Held(examples)) => anew.renew(examples, epoch),
            _ => Ok(false),
        }
    }

    /// Counts the data for the recognisers of a pipeline, and fails if no run can succeed with them; `None` if none of
    /// them is trained.
    pub(crate) fn look_at_data(
        &self,
        settings: &TrainingConfig,
        pipeline: &Pipeline,
        sample: &[Example],
    ) -> Result<Option<TrainingData>, TrainingError> {
        let is_trained = |name: &String| !settings.frozen_components.contains(name);
        let recognisers = pipeline.components().iter();
        let mut recognisers = recognisers
            .filter(|(name, component)| {
                component.finds_entities() && component.is_trainable() && is_trained(name)
            })
            .peekable();
        if recognisers.peek().is_none() {
            return Ok(None);
        }
        let known: BTreeSet<String> = recognisers.flat_map(|(_, component)| component.labels()).collect();
        let is_sample = settings.max_epochs < 0;
        let train = CorpusSummary::of(sample, &self.accounts[0]);
        let dev = CorpusSummary::of(&self.dev, &self.accounts[1]);
        let data = TrainingData::new(train, is_sample, dev, &known);
        match data.fatal() {
            Some(finding) => {
                let corpus = match finding {
                    Finding::NothingToScore { .. } => &settings.dev_corpus,
                    _ => &settings.train_corpus,
                };
                Err(TrainingError::Data { corpus: corpus.clone(), finding: finding.clone() })
            }
            None => Ok(Some(data)),
        }
    }

    /// The examples that labels are taken from: all, or the first of a stream.
    pub(crate) fn sample(&self, settings: &TrainingConfig) -> Result<Cow<'_, [Example]>, TrainingError> {
        let sample = self.train.sample(settings.seed)?;
        if sample.is_empty() {
            return Err(TrainingError::NoExamples { corpus: settings.train_corpus.clone() });
        }
        Ok(sample)
    }
}

/// Whether a document belongs to the share that is measured by.
// By the hash of its text, so that it stays where it is when others are added, and copies of a text lie on one side: a
// text that was learned says nothing about others.
pub(crate) fn is_set_apart(example: &Example, share: f64) -> bool {
    let hash = StringId::of(&example.reference.text()).0;
    // The upper 53 bits are a float in 0..1.
    ((hash >> 11) as f64) < share * (1_u64 << 53) as f64
}

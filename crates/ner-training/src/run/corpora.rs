use std::borrow::Cow;

use ner_config::{Kind, Registry, ResolvedConfig, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_pipeline::Pipeline;

use super::train_corpus::TrainCorpus;
use crate::TrainingError;

/// The examples to learn from and those to measure by.
pub(crate) struct Corpora {
    pub(crate) train: TrainCorpus,
    pub(crate) dev: Vec<Example>,
}

impl Corpora {
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
        let read = |path: &str| read_corpus(&*source(path)?, path, pipeline, random);
        // The training corpus before the other: augmenters of both would draw from one generator, so the order
        // is part of the result.
        let train = if settings.max_epochs < 0 {
            TrainCorpus::streamed(source(&settings.train_corpus)?, pipeline.tokenizer().clone())
        } else {
            TrainCorpus::Held(read(&settings.train_corpus)?)
        };
        // The second is held even beside a stream, since every evaluation goes through all of it.
        Ok(Corpora { train, dev: read(&settings.dev_corpus)? })
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

fn read_corpus(
    source: &dyn ExampleSource,
    path: &str,
    pipeline: &Pipeline,
    random: &SharedRandom,
) -> Result<Vec<Example>, TrainingError> {
    let examples: Vec<Example> = source.examples(pipeline.tokenizer(), random).collect::<Result<_, _>>()?;
    if examples.is_empty() {
        return Err(TrainingError::NoExamples { corpus: path.to_owned() });
    }
    Ok(examples)
}

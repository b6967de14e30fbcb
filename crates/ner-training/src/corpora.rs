use std::sync::Mutex;

use ner_config::{Document, Kind, Registry, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_doc::Example;
use ner_pipeline::{Pipeline, Random};
use ner_random::PythonRandom;

use crate::TrainingError;

/// The examples to learn from and those to measure by.
pub(crate) struct Corpora {
    pub(crate) train: Vec<Example>,
    pub(crate) dev: Vec<Example>,
}

impl Corpora {
    /// Reads both corpora once; what augments the examples draws from `random`.
    pub(crate) fn read(
        config: &Document,
        settings: &TrainingConfig,
        registry: &Registry,
        pipeline: &Pipeline,
        random: &mut Random,
    ) -> Result<Corpora, TrainingError> {
        let generator = Mutex::new(random.python.clone());
        let read = |path: &str| read_corpus(config, path, registry, pipeline, &generator);
        let train = read(&settings.train_corpus)?;
        random.python = generator.lock().expect("nobody panics while drawing").clone();
        Ok(Corpora { train, dev: read(&settings.dev_corpus)? })
    }
}

fn read_corpus(
    config: &Document,
    path: &str,
    registry: &Registry,
    pipeline: &Pipeline,
    random: &Mutex<PythonRandom>,
) -> Result<Vec<Example>, TrainingError> {
    let source: Box<dyn ExampleSource> = registry.build(Kind::Readers, &config.block(path)?)?;
    let examples: Vec<Example> = source.examples(pipeline.tokenizer(), random).collect::<Result<_, _>>()?;
    if examples.is_empty() {
        return Err(TrainingError::NoExamples { corpus: path.to_owned() });
    }
    Ok(examples)
}

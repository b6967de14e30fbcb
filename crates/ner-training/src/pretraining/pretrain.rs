use std::path::PathBuf;

use burn::tensor::Device;
use ner_config::{Document, Kind, PretrainingConfig, Registry, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_optim::Optimizer;
use ner_pipeline::{Learning, Pipeline, PipelineError, PretrainedLayer, Pretraining, Random};

use super::state::{Origin, State};
use crate::run::TrainCorpus;
use crate::{Batcher, TrainingError};

/// A pretraining: the token vectors of a pipeline learn from raw text.
pub struct Pretrain {
    pub(super) settings: PretrainingConfig,
    pub(super) pipeline: Pipeline,
    pub(super) corpus: TrainCorpus,
    pub(super) batcher: Box<dyn Batcher>,
    pub(super) learning: Learning,
    pub(super) pretraining: Pretraining,
    pub(super) state: State,
    pub(super) origin: Origin,
    /// The file of weights that it goes on from.
    pub(super) resumed: Option<PathBuf>,
}

/// Weights to go on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeFrom {
    /// The file.
    pub path: PathBuf,
    /// The epoch that comes next, from 0.
    pub epoch: usize,
}

impl Pretrain {
    /// Makes the pipeline of a complete config and draws the first weights, or loads those to go on from.
    ///
    /// # Errors
    /// If the config is wrong, or the weights do not fit it.
    pub fn start(
        config: &Document,
        registry: &Registry,
        device: &Device,
        resume: Option<&ResumeFrom>,
    ) -> Result<Pretrain, TrainingError> {
        Pretrain::begin(config, registry, device, resume).map_err(|error| match error {
            TrainingError::Config(error) => config.locate(error).into(),
            other => other,
        })
    }

    fn begin(
        config: &Document,
        registry: &Registry,
        device: &Device,
        resume: Option<&ResumeFrom>,
    ) -> Result<Pretrain, TrainingError> {
        let given = config.root().clone();
        let mut pipeline = Pipeline::from_config(config, registry, device)?;
        let config = pipeline.config().resolve()?;
        let settings: PretrainingConfig = config.section("pretraining")?;
        check(&settings)?;
        let source: Box<dyn ExampleSource> =
            registry.build(Kind::Readers, &config.block(&settings.corpus)?)?;
        let corpus = TrainCorpus::streamed(source, pipeline.tokenizer().clone());
        let batcher = registry.build(Kind::Batchers, &settings.batcher)?;
        let mut optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &settings.optimizer)?;
        // Texts are streamed: how many batches they make is not known.
        optimizer.plan(None).map_err(PipelineError::from)?;
        let objective = registry.build(Kind::Architectures, &settings.objective)?;
        let layer = PretrainedLayer::find(&settings, &pipeline)?;
        let seed = config.section::<TrainingConfig>("training")?.seed;
        let origin = Origin::new(given, &corpus, seed, &pipeline)?;
        let mut random = Random::new(seed);
        let pretraining = Pretraining::new(&mut pipeline, layer, objective, settings.dropout, &mut random)?;
        if let Some(ResumeFrom { path, .. }) = resume {
            pretraining.layer().load(&mut pipeline, path)?;
        }
        Ok(Pretrain {
            settings,
            pipeline,
            corpus,
            batcher,
            learning: Learning::new(optimizer, random),
            pretraining,
            state: State::new(resume.map_or(0, |resume| resume.epoch)),
            origin,
            resumed: resume.map(|resume| resume.path.clone()),
        })
    }
}

fn check(settings: &PretrainingConfig) -> Result<(), TrainingError> {
    // With a dropout of 1 nothing would be kept, and the scale of the rest would be 1 / 0.
    match (0.0..1.0).contains(&settings.dropout) {
        true => Ok(()),
        false => Err(ner_config::ConfigError::Value {
            path: "pretraining.dropout".to_owned(),
            message: "expected a share of at least 0 and less than 1".to_owned(),
        }
        .into()),
    }
}

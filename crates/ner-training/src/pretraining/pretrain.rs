use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::{Document, Kind, PretrainingConfig, Registry, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_doc::Doc;
use ner_optim::Optimizer;
use ner_pipeline::{Learning, Pipeline, PretrainedLayer, Pretraining, Random};

use super::PretrainingEvent;
use super::output::{Moment, Output};
use super::progress::Progress;
use crate::run::TrainCorpus;
use crate::{Batcher, TrainingError};

/// A pretraining: the token vectors of a pipeline learn from raw text.
pub struct Pretrain {
    settings: PretrainingConfig,
    pipeline: Pipeline,
    corpus: TrainCorpus,
    batcher: Box<dyn Batcher>,
    learning: Learning,
    pretraining: Pretraining,
    /// The epoch that comes next.
    epoch: usize,
    progress: Progress,
    /// The file of weights that it goes on from.
    resumed: Option<PathBuf>,
}

/// Weights to go on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeFrom {
    /// The file.
    pub path: PathBuf,
    /// The epoch that comes next, from 0.
    pub epoch: usize,
}

/// Why the steps of an epoch end.
enum End {
    Epoch,
    Interrupt,
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
        let mut pipeline = Pipeline::from_config(config, registry, device)?;
        let config = pipeline.config().resolve()?;
        let settings: PretrainingConfig = config.section("pretraining")?;
        check(&settings)?;
        let source: Box<dyn ExampleSource> =
            registry.build(Kind::Readers, &config.block(&settings.corpus)?)?;
        let corpus = TrainCorpus::streamed(source, pipeline.tokenizer().clone());
        let batcher = registry.build(Kind::Batchers, &settings.batcher)?;
        let optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &settings.optimizer)?;
        let objective = registry.build(Kind::Architectures, &settings.objective)?;
        let layer = PretrainedLayer::find(&settings, &pipeline)?;
        let mut random = Random::new(config.section::<TrainingConfig>("training")?.seed);
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
            epoch: resume.map_or(0, |resume| resume.epoch),
            progress: Progress::new(),
            resumed: resume.map(|resume| resume.path.clone()),
        })
    }

    /// Takes all steps, and writes weights into the directory `output` after epochs, and within them if the config says so.
    /// Returns true if it was interrupted: between steps `interrupted` is asked whether to stop. `saves_last` says whether
    /// the last weights are written as `model-last.bin`, however the steps end.
    pub fn follow(
        &mut self,
        output: &Path,
        saves_last: bool,
        sink: &mut dyn FnMut(PretrainingEvent),
        interrupted: &dyn Fn() -> bool,
    ) -> Result<bool, TrainingError> {
        if let Some(path) = self.resumed.clone() {
            sink(PretrainingEvent::Resumed { path, epoch: self.epoch });
        }
        let n_save_epoch = self.settings.n_save_epoch;
        sink(PretrainingEvent::Started { epoch: self.epoch, n_save_epoch });
        let output = Output::new(output);
        let end = self.follow_epochs(&output, sink, interrupted);
        // Before an error is passed on, as in spaCy: a bad line late in the corpus does not cost what was learned.
        let last = Moment::Last(self.settings.max_epochs);
        let path = if saves_last { Some(self.save(&output, last)?) } else { None };
        let is_interrupted = end?;
        if is_interrupted {
            sink(PretrainingEvent::Interrupted { path });
        }
        Ok(is_interrupted)
    }

    fn follow_epochs(
        &mut self,
        output: &Output<'_>,
        sink: &mut dyn FnMut(PretrainingEvent),
        interrupted: &dyn Fn() -> bool,
    ) -> Result<bool, TrainingError> {
        while self.epoch < self.settings.max_epochs {
            if let End::Interrupt = self.follow_epoch(output, sink, interrupted)? {
                return Ok(true);
            }
            let (epoch, is_last) = (self.epoch, self.epoch + 1 == self.settings.max_epochs);
            // spaCy: 0 means the same as null, for this setting and the next (training/pretrain.py).
            let every = self.settings.n_save_epoch.filter(|every| *every > 0).unwrap_or(1);
            if epoch.is_multiple_of(every) || is_last {
                self.save(output, Moment::After(epoch))?;
            }
            self.epoch += 1;
            self.progress.epoch_loss = 0.0;
        }
        Ok(false)
    }

    fn follow_epoch(
        &mut self,
        output: &Output<'_>,
        sink: &mut dyn FnMut(PretrainingEvent),
        interrupted: &dyn Fn() -> bool,
    ) -> Result<End, TrainingError> {
        let Pretrain { settings, pipeline, corpus, batcher, learning, pretraining, epoch, progress, .. } =
            self;
        let every = settings.n_save_every.filter(|every| *every > 0);
        let random = learning.random.python.clone();
        let mut n_batches = 0;
        for batch in corpus.epoch(&mut **batcher, &[], &random) {
            let batch = batch?;
            let docs: Vec<&Doc> = batch.iter().map(|(_, example)| &example.reference).collect();
            let words = docs.iter().map(|doc| doc.len()).sum();
            if words > 0 {
                let loss = pretraining.update(pipeline, &docs, learning)?;
                learning.optimizer.step_schedules();
                let row = progress.add(*epoch, words, loss);
                row.into_iter().for_each(|row| sink(PretrainingEvent::Row(row)));
            }
            // spaCy: batches count from 0, so that the first one is saved (training/pretrain.py).
            if every.is_some_and(|every| n_batches % every == 0) {
                save(pipeline, learning, pretraining, output, Moment::Within(*epoch), progress)?;
            }
            n_batches += 1;
            if interrupted() {
                return Ok(End::Interrupt);
            }
        }
        match n_batches {
            0 => Err(TrainingError::NoTexts { corpus: settings.corpus.clone() }),
            _ => Ok(End::Epoch),
        }
    }

    fn save(&mut self, output: &Output<'_>, moment: Moment) -> Result<PathBuf, TrainingError> {
        save(&mut self.pipeline, &mut self.learning, &self.pretraining, output, moment, &self.progress)
    }
}

/// Writes the weights, averaged if the optimiser keeps averages.
fn save(
    pipeline: &mut Pipeline,
    learning: &mut Learning,
    pretraining: &Pretraining,
    output: &Output<'_>,
    moment: Moment,
    progress: &Progress,
) -> Result<PathBuf, TrainingError> {
    pipeline.with_averages(&mut *learning.optimizer, |pipeline| {
        let weights = pretraining.layer().to_bytes(pipeline)?;
        output.save(moment, &weights, progress.log_line(moment.epoch()))
    })
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

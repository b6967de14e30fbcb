use burn::tensor::Device;
use ner_config::{Document, Registry};

use super::checkpoint::{Moving, Origin, VERSION, keys};
use super::{Checkpoint, SavedRun, TrainingRun};
use crate::TrainingError;

impl TrainingRun {
    /// The run as it is between two steps. Together with the files of the pipeline and those of the
    /// [tutor](TrainingRun::tutor_files) it is all that [`resume`](TrainingRun::resume) needs.
    pub fn save(&mut self) -> SavedRun {
        self.note_sizes();
        let TrainingRun { origin, pipeline, learning, state, rehearsals, .. } = self;
        Moving { origin, pipeline, learning, state, rehearsals: rehearsals.as_ref() }.save()
    }

    /// Resumes a saved run from the files of its pipeline as they were then: all further steps give the same bits as
    /// if the run had never been interrupted.
    ///
    /// `config` is the complete config, which may differ in few values ([`ConfigChange::is_allowed`]). The corpora are
    /// read again, and must hold the same. A streamed corpus is read from the start of its epoch and passed over up to the
    /// place of the run.
    ///
    /// # Errors
    /// If the pipeline or the saved run is damaged or of another version, they do not belong together, the config or a
    /// corpus is another one, or a corpus cannot be read.
    pub fn resume(
        config: &Document,
        checkpoint: Checkpoint,
        registry: &Registry,
        device: &Device,
    ) -> Result<TrainingRun, TrainingError> {
        let Checkpoint { pipeline, run: saved, tutor } = checkpoint;
        if saved.version != VERSION {
            let message = format!("it has version {}, expected {VERSION}", saved.version);
            return Err(TrainingError::SavedRun { message });
        }
        saved.changes(config)?;
        let mut run = TrainingRun::of_files(config, pipeline, tutor, registry, device)?;
        run.check_corpora(&saved.origin)?;
        run.origin.lessons = saved.origin.lessons;
        let keys = keys(&mut run.pipeline);
        run.learning.optimizer.restore(&keys, saved.optimizer).map_err(ner_pipeline::PipelineError::from)?;
        for (name, state) in saved.components {
            let damaged =
                |message| TrainingError::SavedRun { message: format!("component {name}: {message}") };
            let component = run.pipeline.component_mut(&name);
            let component =
                component.ok_or_else(|| damaged("the pipeline has no such component".to_owned()))?;
            component.restore_learning_state(state).map_err(damaged)?;
        }
        run.learning.losses = saved.losses;
        // After the corpora have been read, whose augmenters have drawn from this generator.
        run.learning.random.python.set(saved.python.0);
        run.learning.random.numpy = saved.numpy.0;
        run.learning.random.seeds.skip_to(saved.n_seeds);
        // Up to the start of the epoch only: the sizes since then are drawn as its batches are made again.
        run.batcher.skip_sizes(saved.state.n_sizes);
        let limits = run.state.stopping;
        run.state = saved.state;
        run.state.stopping = limits.with_best(run.state.stopping.best());
        run.plan.first_step = run.state.step;
        Ok(run)
    }

    fn check_corpora(&self, origin: &Origin) -> Result<(), TrainingError> {
        let settings = &self.settings;
        for (corpus, found, expected) in [
            (&settings.train_corpus, self.origin.train, origin.train),
            (&settings.dev_corpus, self.origin.dev, origin.dev),
        ] {
            if found != expected {
                return Err(TrainingError::OtherCorpus { corpus: corpus.clone(), found, expected });
            }
        }
        if let (Some(rehearsal), Some(found), Some(expected)) =
            (&settings.rehearsal, self.origin.texts, origin.texts)
            && found != expected
        {
            return Err(TrainingError::OtherCorpus { corpus: rehearsal.corpus.clone(), found, expected });
        }
        Ok(())
    }
}

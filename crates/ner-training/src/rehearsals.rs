//! Rehearsals between the steps of a run, which keep what sourced components have learned before.

use std::collections::{BTreeSet, HashSet};

use ner_config::{ConfigError, Kind, Registry, RehearsalConfig, ResolvedConfig, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::{Doc, Example};
use ner_files::FileMap;
use ner_pipeline::{Keep, Learning, Pipeline, Rehearsal, Tutor};

use crate::TrainingError;
use crate::run::Corpora;
use crate::text_batches::batches;
use crate::unannotated::{fill_in, missing_labels};

/// The rehearsals of a run. Which texts one of them takes follows from the number of its step alone, so that a resumed run
/// needs nothing but the tutor.
#[derive(Debug)]
pub(crate) struct Rehearsals {
    settings: RehearsalConfig,
    dropout: f64,
    tutor: Tutor,
    batches: Vec<Vec<Example>>,
    /// Labels that the tutor knows and no training document has.
    unannotated: BTreeSet<String>,
}

impl Rehearsals {
    /// The tutor at the start of a run: the components that have a source, as they are.
    pub(crate) fn tutor_of_sourced(pipeline: &mut Pipeline) -> Tutor {
        let sourced: HashSet<String> = pipeline.sourced().map(str::to_owned).collect();
        let names: Vec<String> = pipeline.components().keys().cloned().collect();
        let new = names.iter().map(String::as_str).filter(|name| !sourced.contains(*name));
        pipeline.resume_training().without(new)
    }

    /// The rehearsals of a config, if it has some.
    ///
    /// # Errors
    /// If a setting cannot work, or the corpus cannot be read or holds no text.
    pub(crate) fn read(
        config: &ResolvedConfig,
        settings: &TrainingConfig,
        registry: &Registry,
        pipeline: &Pipeline,
        tutor: Tutor,
    ) -> Result<Option<Rehearsals>, TrainingError> {
        let Some(rehearsal) = &settings.rehearsal else { return Ok(None) };
        let source: Box<dyn ExampleSource> =
            registry.build(Kind::Readers, &config.block(&rehearsal.corpus)?)?;
        // A generator of its own, so that the texts do not shift the draws of training.
        let random = SharedRandom::new(settings.seed);
        let examples = source.examples(pipeline.tokenizer(), &random);
        let mut texts: Vec<Example> = examples.collect::<Result<_, _>>()?;
        pipeline.annotate_predicted(&mut texts, &settings.annotating_components);
        Rehearsals::new(settings, texts, tutor)
    }

    /// The rehearsals on these texts, if the settings have some.
    pub(crate) fn new(
        settings: &TrainingConfig,
        mut texts: Vec<Example>,
        tutor: Tutor,
    ) -> Result<Option<Rehearsals>, TrainingError> {
        let Some(rehearsal) = settings.rehearsal.clone() else { return Ok(None) };
        check(&rehearsal)?;
        texts.retain(|text| !text.predicted.is_empty());
        if texts.is_empty() {
            return Err(TrainingError::NoExamples { corpus: rehearsal.corpus });
        }
        SharedRandom::new(settings.seed).draw(|random| random.shuffle(&mut texts));
        let batches = batches(texts, rehearsal.batch_words, |text| text.predicted.len());
        Ok(Some(Rehearsals {
            dropout: settings.dropout,
            settings: rehearsal,
            tutor,
            batches,
            unannotated: BTreeSet::new(),
        }))
    }

    /// Fails unless the tutor knows a component that learns.
    pub(crate) fn check_tutor(&self, learning: &Learning) -> Result<(), ConfigError> {
        match self.tutor.names().any(|name| !learning.frozen.contains(name)) {
            true => Ok(()),
            false => {
                let message = "expected a component that has a source and is not frozen: what is new has learned \
                               nothing that it could rehearse";
                Err(wrong("corpus", message))
            }
        }
    }

    /// Lets the tutor annotate labels that it knows, and that no document of a corpus in memory has: of these nobody said
    /// where they are. Without it, steps taught that they are nowhere, and rehearsals could only hold out against that:
    /// with 4560 sentences of Disease, an F of Chemical of 83.3 fell to 0.0.
    pub(crate) fn annotate(&mut self, corpora: &mut Corpora, frozen: &[String]) -> Result<(), TrainingError> {
        let learning = self.tutor.names().filter(|name| !frozen.iter().any(|other| other == name));
        let known: BTreeSet<String> = learning.flat_map(|name| self.tutor.labels(name)).collect();
        let in_dev = missing_labels(known.clone(), &corpora.dev);
        fill_in(&self.tutor, &mut corpora.dev, &in_dev)?;
        self.unannotated = missing_labels(known, corpora.train.held());
        self.annotate_epoch(corpora)
    }

    /// Does so with training documents that were read anew.
    pub(crate) fn annotate_epoch(&self, corpora: &mut Corpora) -> Result<(), TrainingError> {
        Ok(fill_in(&self.tutor, corpora.train.held_mut(), &self.unannotated)?)
    }

    /// The files of the tutor.
    pub(crate) fn tutor_files(&self) -> Result<FileMap, TrainingError> {
        Ok(self.tutor.to_files()?)
    }

    /// The texts, in the order in which they are taken.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Example> {
        self.batches.iter().flatten()
    }

    /// Adds the gradients of the rehearsal of this step, if there is one.
    pub(crate) fn learn(
        &self,
        step: usize,
        pipeline: &mut Pipeline,
        learning: &mut Learning,
    ) -> Result<(), TrainingError> {
        let RehearsalConfig { weight, temperature, frequency, .. } = self.settings;
        if !step.is_multiple_of(frequency) {
            return Ok(());
        }
        let batch = &self.batches[step / frequency % self.batches.len()];
        let docs: Vec<&Doc> = batch.iter().map(|example| &example.predicted).collect();
        let keep = Keep::Probabilities { weight, temperature };
        let rehearsal = Rehearsal { docs: &docs, dropout: self.dropout, keep };
        Ok(pipeline.rehearse(&rehearsal, &self.tutor, learning)?)
    }
}

fn check(settings: &RehearsalConfig) -> Result<(), ConfigError> {
    if !(settings.weight > 0.0 && settings.weight.is_finite()) {
        return Err(wrong("weight", "expected more than 0; leave the section out for no rehearsal"));
    }
    if !(settings.temperature > 0.0 && settings.temperature.is_finite()) {
        return Err(wrong("temperature", "expected more than 0"));
    }
    if settings.frequency == 0 {
        return Err(wrong("frequency", "expected at least 1, found 0"));
    }
    Ok(())
}

fn wrong(key: &str, message: &str) -> ConfigError {
    ConfigError::Value { path: format!("training.rehearsal.{key}"), message: message.to_owned() }
}

use std::path::PathBuf;

use ner_config::{DistillationConfig, TrainingConfig};
use ner_corpus::reader::UnannotatedTexts;
use ner_cpython::{SharedRandom, murmur64a};
use ner_doc::{Doc, Example};
use ner_pipeline::{Keep, Knowledge, Learning, Pipeline, Rehearsal, Teacher};
use serde::{Deserialize, Serialize};

use super::DistillationError;
use super::teachers::{student, teachers};
use crate::run::Fingerprint;
use crate::text_batches::batches;
use crate::{EventSink, TrainingError, TrainingEvent};

/// Memory for what teachers found out about texts: 256 bytes a word and teacher with the usual network, so that of three
/// teachers 1.4 million words fit. What does not fit is found out anew each time, with the same result.
const MAX_KEPT_BYTES: usize = 1 << 30;

/// The lessons of a run: raw texts, and teachers who say on each what they would do. Which texts one lesson takes follows
/// from the number of its step alone.
#[derive(Debug)]
pub(crate) struct Lessons {
    settings: DistillationConfig,
    dropout: f64,
    component: String,
    teachers: Vec<Teacher>,
    batches: Vec<Vec<Doc>>,
    /// What each teacher knows of each batch, as far as it is kept.
    kept: Vec<Option<Vec<Knowledge>>>,
    n_kept_bytes: usize,
    origin: LessonOrigin,
}

/// By which lessons are known again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LessonOrigin {
    texts: Fingerprint,
    /// A hash of the files of each teacher.
    teachers: Vec<u64>,
}

impl Lessons {
    /// Reads the raw texts and looks at the teachers, pipelines with the places that they come from. `pipeline` is the one
    /// that learns.
    pub(crate) fn read(
        settings: DistillationConfig,
        training: &TrainingConfig,
        pipeline: &Pipeline,
        pipelines: Vec<(PathBuf, Pipeline)>,
        raw: &[PathBuf],
        sink: &mut dyn EventSink,
    ) -> Result<Lessons, TrainingError> {
        check(&settings)?;
        let component = student(pipeline, &training.frozen_components)?;
        let labels = pipeline.components()[&component].labels().into_iter().collect();
        let hashes = pipelines.iter().map(|(_, pipeline)| hash(pipeline)).collect::<Result<Vec<u64>, _>>()?;
        let places = pipelines.iter().map(|(place, _)| place.clone()).collect();
        let teachers = teachers(pipelines, &component, &labels, &settings)?;
        let Raw { docs, is_whole } = Raw::read(raw, &settings, training, pipeline)?;
        let n_words = docs.iter().map(Doc::len).sum();
        sink.event(&TrainingEvent::Teaching { teachers: places, n_texts: docs.len(), n_words, is_whole });
        let batches = batches(docs, settings.batch_words, Doc::len);
        let texts = Fingerprint::of_docs(batches.iter().flatten());
        Ok(Lessons {
            settings,
            dropout: training.dropout,
            component,
            teachers,
            kept: batches.iter().map(|_| None).collect(),
            batches,
            n_kept_bytes: 0,
            origin: LessonOrigin { texts, teachers: hashes },
        })
    }

    /// By which they are known again.
    pub(crate) fn origin(&self) -> &LessonOrigin {
        &self.origin
    }

    /// Adds the gradients of the lesson of this step, if there is one.
    pub(crate) fn learn(
        &mut self,
        step: usize,
        pipeline: &mut Pipeline,
        learning: &mut Learning,
    ) -> Result<(), TrainingError> {
        let DistillationConfig { weight, temperature, frequency, .. } = self.settings;
        if !step.is_multiple_of(frequency) {
            return Ok(());
        }
        let number = step / frequency % self.batches.len();
        let docs: Vec<&Doc> = self.batches[number].iter().collect();
        let is_kept = self.kept[number].is_some();
        let knowledge = match self.kept[number].take() {
            Some(knowledge) => knowledge,
            None => self.teachers.iter().map(|teacher| teacher.study(&docs)).collect::<Result<_, _>>()?,
        };
        let rehearsal = Rehearsal {
            docs: &docs,
            dropout: self.dropout,
            keep: Keep::Probabilities { weight, temperature },
        };
        let teachers: Vec<(&Teacher, &Knowledge)> = self.teachers.iter().zip(&knowledge).collect();
        pipeline.distill(&rehearsal, &self.component, &teachers, learning)?;
        let n_bytes: usize = knowledge.iter().map(Knowledge::n_bytes).sum();
        if is_kept || self.n_kept_bytes + n_bytes <= MAX_KEPT_BYTES {
            self.n_kept_bytes += if is_kept { 0 } else { n_bytes };
            self.kept[number] = Some(knowledge);
        }
        Ok(())
    }
}

impl LessonOrigin {
    /// Fails unless these are the lessons that a run was begun with.
    pub(crate) fn check(&self, found: &LessonOrigin) -> Result<(), DistillationError> {
        if self.teachers != found.teachers {
            return Err(DistillationError::Other { what: "teachers" });
        }
        match self.texts == found.texts {
            true => Ok(()),
            false => Err(DistillationError::Other { what: "raw texts" }),
        }
    }
}

/// Raw texts.
struct Raw {
    docs: Vec<Doc>,
    /// Whether all was read, rather than as many words as are wanted.
    is_whole: bool,
}

impl Raw {
    /// Reads texts as the pipeline would predict on them, and shuffles them.
    fn read(
        files: &[PathBuf],
        settings: &DistillationConfig,
        training: &TrainingConfig,
        pipeline: &Pipeline,
    ) -> Result<Raw, TrainingError> {
        let (mut texts, mut n_words) = (Vec::new(), 0);
        let is_enough = |n_words: usize| settings.max_words > 0 && n_words >= settings.max_words;
        for file in files {
            let n_before = texts.len();
            for text in UnannotatedTexts::new(file, "RAW").examples(pipeline.tokenizer()) {
                let text = text?;
                let has_words = !text.predicted.tokens.iter().all(|token| token.is_space());
                n_words += text.predicted.len();
                texts.extend(has_words.then_some(text));
                if is_enough(n_words) {
                    break;
                }
            }
            if texts.len() == n_before && !is_enough(n_words) {
                return Err(DistillationError::NoWords { file: file.clone() }.into());
            }
            if is_enough(n_words) {
                break;
            }
        }
        pipeline.annotate_predicted(&mut texts, &training.annotating_components);
        let mut docs: Vec<Doc> =
            texts.into_iter().flat_map(|text: Example| parts(text.predicted, settings.batch_words)).collect();
        // With a generator of its own, so that the texts do not shift the draws of training.
        SharedRandom::new(training.seed).draw(|random| random.shuffle(&mut docs));
        Ok(Raw { docs, is_whole: !is_enough(n_words) })
    }
}

/// A text in parts of so many words at most: those that the readers of books and pages give are as long as they like, and a
/// step that takes one of them whole would be nothing but this text.
fn parts(doc: Doc, n_words: usize) -> Vec<Doc> {
    if doc.len() <= n_words {
        return vec![doc];
    }
    let starts = (0..doc.len()).step_by(n_words);
    starts.map(|start| doc.stretch(start..doc.len().min(start + n_words))).collect()
}

fn check(settings: &DistillationConfig) -> Result<(), DistillationError> {
    let wrong = |key, message| Err(DistillationError::Setting { key, message });
    if !(settings.weight > 0.0 && settings.weight.is_finite()) {
        return wrong("weight", "expected more than 0");
    }
    if !(settings.temperature > 0.0 && settings.temperature.is_finite()) {
        return wrong("temperature", "expected more than 0");
    }
    if settings.frequency == 0 {
        return wrong("frequency", "expected at least 1, found 0");
    }
    if settings.batch_words == 0 {
        return wrong("batch_words", "expected at least 1, found 0");
    }
    Ok(())
}

fn hash(pipeline: &Pipeline) -> Result<u64, TrainingError> {
    let files = pipeline.to_files()?;
    Ok(files.iter().fold(0, |hash, (name, bytes)| murmur64a(bytes, murmur64a(name.as_bytes(), hash))))
}

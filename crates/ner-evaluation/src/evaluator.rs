use std::time::{Duration, Instant};

use ner_doc::{Doc, Example};
use ner_pipeline::{Pipeline, PipelineError};
use ner_scorer::Scores;

use crate::counts::PipelineCounts;
use crate::halves::{Half, HalfCounts};

/// Predicts examples part by part, and counts how close the predictions come to the references. Memory does not grow with
/// the number of parts.
#[derive(Debug)]
pub struct Evaluator<'a> {
    pipeline: &'a Pipeline,
    counts: PipelineCounts,
    halves: Option<HalfCounts>,
    n_words: usize,
    duration: Duration,
}

/// The result of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The scores of the tokens and of each component that runs, by spaCy's names.
    pub scores: Scores,
    /// The same of each half of the examples, of an evaluation that was made [in halves](Evaluator::in_halves).
    pub halves: Option<[Half; 2]>,
    /// Tokens that were predicted on.
    pub n_words: usize,
    /// Time spent on predictions.
    pub duration: Duration,
}

impl<'a> Evaluator<'a> {
    /// Begins an evaluation by the scorers of the pipeline's components.
    pub fn new(pipeline: &'a Pipeline) -> Evaluator<'a> {
        Evaluator {
            pipeline,
            counts: PipelineCounts::of(pipeline),
            halves: None,
            n_words: 0,
            duration: Duration::ZERO,
        }
    }

    /// Counts each half of the examples, too, if that is `wanted`: every other example, so that both halves come from all of a
    /// corpus, in which neighbours are often of one source.
    pub fn in_halves(self, wanted: bool) -> Evaluator<'a> {
        Evaluator { halves: wanted.then(|| HalfCounts::new(self.pipeline)), ..self }
    }

    /// Annotates the predicted documents of some examples on all of rayon's threads, and counts them.
    ///
    /// # Errors
    /// If a network cannot run on a document, the texts of an example differ by more than white space and case, or an entity
    /// continues that never began.
    pub fn add(&mut self, examples: &mut [Example]) -> Result<(), PipelineError> {
        let start = Instant::now();
        let mut docs: Vec<&mut Doc> = examples.iter_mut().map(|example| &mut example.predicted).collect();
        self.pipeline.predict(&mut docs)?;
        self.duration += start.elapsed();
        self.count(examples)
    }

    /// Counts examples whose predicted documents are annotated.
    pub(crate) fn count(&mut self, examples: &[Example]) -> Result<(), PipelineError> {
        self.n_words += examples.iter().map(|example| example.predicted.len()).sum::<usize>();
        if let Some(halves) = &mut self.halves {
            halves.add(examples)?;
        }
        Ok(self.counts.add(examples)?)
    }

    /// The scores of all examples so far.
    pub fn finish(self) -> Evaluation {
        Evaluation {
            scores: self.counts.scores(),
            halves: self.halves.map(HalfCounts::finish),
            n_words: self.n_words,
            duration: self.duration,
        }
    }
}

impl Evaluation {
    /// Words per second of prediction.
    pub fn speed(&self) -> f64 {
        self.n_words as f64 / self.duration.as_secs_f64()
    }

    /// A score that is a number, if it was measured.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.scores.get(name)?.as_f64()
    }
}

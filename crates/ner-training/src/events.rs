use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Serialize;

use crate::{ConfigChange, Evaluation, Finding, HalfChoice, MemoryPlan, RunPlan, TrainingData};

/// A report of a training run, in numbers and names; its receiver lays it out.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingEvent {
    /// A run begins where one was to be resumed, and there is none, in this directory.
    NothingToResume(PathBuf),
    /// A run begins, and takes the place of one that has left this checkpoint, which could be resumed.
    NotResumed(PathBuf),
    /// A run goes on.
    Resuming {
        /// The number of its next step, from 0.
        step: usize,
        /// What its config has changed since it was begun.
        changes: Vec<ConfigChange>,
    },
    /// The run that was to be resumed had come to its end.
    AlreadyOver {
        /// The number of its last step, from 0.
        step: usize,
    },
    /// The pipeline is made, and the corpora are read.
    Initializing,
    /// The corpora were counted, before the first weights are drawn.
    Data(TrainingData),
    /// The first weights are drawn.
    Initialized,
    /// What the run will need of memory; told if a component has a pretrained encoder.
    Memory(MemoryPlan),
    /// The run learns from teachers on raw text.
    Teaching {
        /// Where they come from.
        teachers: Vec<PathBuf>,
        /// Texts, or parts of long ones.
        n_texts: usize,
        /// Words of all.
        n_words: usize,
        /// Whether all texts were read, rather than as many words as the config says.
        is_whole: bool,
    },
    /// The first step comes next.
    Started {
        /// What it is going to do.
        plan: RunPlan,
        /// The evaluations of a run that goes on.
        past: Vec<Evaluation>,
    },
    /// A step was evaluated.
    Evaluated(Evaluation),
    /// A file of the run's log is written to, or not, because it exists already.
    LogFile {
        /// The file.
        path: PathBuf,
        /// Whether it is written to.
        is_written: bool,
    },
    /// A logger is accepted and has no effect.
    Unheard {
        /// The name of its function.
        logger: String,
        /// What to take instead, as a part of a sentence.
        instead: String,
    },
    /// A table of evaluations begins, with a column for each of these losses and scores.
    TableStarted {
        /// The components whose losses are shown.
        losses: Vec<String>,
        /// The names of the scores.
        scores: Vec<String>,
    },
    /// A row of the table.
    Row(LogRow),
    /// A progress bar is shown in place of the one before; `None` removes it.
    Progress(Option<Progress>),
    /// No evaluation found anything right; the finding about the data that explains it, if there is one.
    Fruitless(Option<Finding>),
    /// What the first half of the evaluation corpus and the second have chosen of the whole run.
    Halves([HalfChoice; 2]),
    /// The last weights are saved.
    Saved {
        /// The directory of the pipeline.
        path: PathBuf,
        /// Whether the run was interrupted.
        is_interrupted: bool,
    },
}

/// An evaluation as a table and a log file show it.
// The order of the fields is that of the keys in spaCy's log file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogRow {
    /// Complete passes over the training corpus.
    pub epoch: usize,
    /// The number of the step, from 0.
    pub step: usize,
    /// The loss of each component since the row before.
    pub losses: IndexMap<String, f64>,
    /// Scores in per cent, except for `speed`, which is in words per second, and `out_bias`.
    pub scores: IndexMap<String, f64>,
    /// The final score, from 0 to 1.
    pub score: f64,
}

/// A progress bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The steps that the bar counts.
    pub bar: ProgressBar,
    /// Complete passes over the training corpus at the last evaluation.
    pub epoch: usize,
    /// Steps that are done.
    pub n_done: usize,
    /// All steps; 0 if their number is not known.
    pub n_steps: usize,
}

/// The steps that a progress bar counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProgressBar {
    /// The steps of the run.
    Train,
    /// The steps from one evaluation to the next.
    Eval,
}

/// A receiver of the reports of a run.
pub trait EventSink {
    /// Takes note of an event.
    fn event(&mut self, event: &TrainingEvent);
}

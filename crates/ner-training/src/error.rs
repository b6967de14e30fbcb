use std::path::PathBuf;

use ner_config::ConfigError;
use ner_corpus::CorpusError;
use ner_doc::DocError;
use ner_files::FileError;
use ner_formats::FormatError;
use ner_pipeline::PipelineError;
use ner_transitions::TransitionError;

use crate::{ConfigChange, DistillationError, Finding, Fingerprint};

/// An error of training.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The schedule of batch sizes has ended.
    #[error(
        "[training.batcher] size: the schedule has ended, expected a size for every batch; use an endless one"
    )]
    SizesEnded,
    /// A batch size is too small for a single item.
    #[error("[training.batcher] size: found {size}, expected at least 1 item in a batch")]
    SizeTooSmall {
        /// The size that the schedule gave.
        size: f64,
    },
    /// A score that counts in the final score is not a number.
    #[error(
        "[training.score_weights] {name}: the score is {found}, expected a number; set its weight to null to leave it out"
    )]
    ScoreNotNumber {
        /// The name of the score.
        name: String,
        /// The kind of value it is instead.
        found: &'static str,
    },
    /// A component that is trained reports no loss.
    #[error("component {component}: no loss in this step, expected one; found losses of: {}", found.join(", "))]
    NoLoss {
        /// The name of the component.
        component: String,
        /// The components that report one.
        found: Vec<String>,
    },
    /// The file of the logger cannot be written.
    #[error("[training.logger] output_file: cannot write {}: {source}", path.display())]
    LogFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file of the logger for TensorBoard cannot be written.
    #[error("[training.logger] log_dir: cannot write {}: {source}", path.display())]
    EventFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A setting in `[training]` has a value that cannot work.
    #[error("[training] {key}: {message}")]
    Setting {
        /// The key.
        key: &'static str,
        /// The expected value, and the one that was found.
        message: &'static str,
    },
    /// A list in `[training]` names a component that is not in the pipeline.
    #[error("[training] {key}: the pipeline has no component {name:?}; it has: {}", known.join(", "))]
    UnknownComponent {
        /// The key of the list.
        key: &'static str,
        /// The name that was not found.
        name: String,
        /// The components of the pipeline.
        known: Vec<String>,
    },
    /// A corpus gives no example.
    #[error("[{corpus}] no document was found; give it annotated texts{}", example_of_option(corpus))]
    NoExamples {
        /// The path of the block that reads the corpus.
        corpus: String,
    },
    /// A corpus gives no text to pretrain on.
    #[error(
        "[{corpus}] no text was found that is as long as it allows; give it raw text, for instance with --paths.raw_text FILE"
    )]
    NoTexts {
        /// The path of the block that reads the corpus.
        corpus: String,
    },
    /// No run can succeed with the data.
    #[error("[{corpus}] {finding}; give it a file with annotation of entities, for instance with --paths.{name} FILE",
        name = corpus.rsplit('.').next().unwrap_or_default())]
    Data {
        /// The path of the block that reads the corpus.
        corpus: String,
        /// What is wrong.
        finding: Finding,
    },
    /// A corpus is too small to be split.
    #[error(
        "[training] dev_split: with a share of {share} of {documents} documents one side is empty; give more documents, or \
         name a dev corpus"
    )]
    Split {
        /// The share.
        share: f64,
        /// Documents of the training corpus.
        documents: usize,
    },
    /// The pipeline of an update has nothing that could learn.
    #[error("the pipeline has no recogniser that could learn; its components are {components:?}")]
    NoRecognizer {
        /// The names of its components.
        components: Vec<String>,
    },
    /// The data of an update say nothing of entities.
    #[error(
        "DATA: no document has an entity; to correct what was found by mistake, add a document with an entity of the \
         same label"
    )]
    NoEntity,
    /// The new labels of an update are not those that were announced.
    #[error("DATA: {}", new_labels(missing, surprising, found))]
    NewLabels {
        /// Announced, and not in the data.
        missing: Vec<String>,
        /// Neither announced nor known before.
        surprising: Vec<String>,
        /// All labels of the data.
        found: Vec<String>,
    },
    /// An epoch has examples, but no batch.
    #[error(
        "[{corpus}] an epoch gives no batch: each document is longer than [training.batcher] allows; raise size, or set \
         discard_oversize to false"
    )]
    NoBatches {
        /// The path of the block that reads the corpus.
        corpus: String,
    },
    /// A loss or a weight is not a finite number.
    #[error(
        "step {step}: {found}, expected a finite number, so the run stops; what was saved before is kept{}. Lower \
         learn_rate of the optimizer, set its grad_clip to 1.0, and look at these documents",
        in_batch(documents, *n_documents)
    )]
    Diverged {
        /// The number of the step, from 0.
        step: usize,
        /// What was found.
        found: String,
        /// The first documents of the batch: their numbers in the corpus, from 1, and how their texts begin.
        documents: Vec<(usize, String)>,
        /// All documents of the batch.
        n_documents: usize,
    },
    /// A file of a checkpoint is missing, damaged, or of another version.
    #[error(
        "{}: {problem}; nothing was changed. Put the file back as it was, or begin the run anew",
        file.display()
    )]
    Checkpoint {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The config is another one than when the run was begun.
    #[error(
        "the config is not that of the run: {}; only max_steps, min_steps, max_epochs, patience, eval_frequency, n_save_epoch, \
         n_save_every, the logger and paths may change. Give the config that the run was begun with, or begin the run anew",
        changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    OtherConfig {
        /// The changes with which the run cannot go on.
        changes: Vec<ConfigChange>,
    },
    /// A corpus is another one than when the run was begun.
    #[error(
        "[{corpus}] the corpus is not that of the run, which had {expected}; found {found}{}. Give the files that the \
         run was begun with, or begin the run anew",
        if (found.documents, found.tokens) == (expected.documents, expected.tokens) { ", but others" } else { "" }
    )]
    OtherCorpus {
        /// The path of the block that reads the corpus.
        corpus: String,
        /// What was found.
        found: Fingerprint,
        /// What the run had.
        expected: Fingerprint,
    },
    /// A saved run cannot be resumed.
    #[error("the saved run cannot be resumed: {message}; start the run anew")]
    SavedRun {
        /// The cause.
        message: String,
    },
    /// The pipeline cannot learn from its teachers.
    #[error(transparent)]
    Distillation(#[from] DistillationError),
    /// A file cannot be parsed.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A directory cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The config is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A corpus cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A prediction cannot be compared with its reference.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// The pipeline cannot be made, updated or saved.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// A document of the training corpus has annotation that cannot be learned from.
    #[error("[{corpus}] document {document} ({text:?}): {error}")]
    Example {
        /// The path of the block that reads the corpus.
        corpus: String,
        /// The document's number in the corpus, from 1.
        document: usize,
        /// How its text begins.
        text: String,
        /// The reason.
        error: Box<TransitionError>,
    },
}

fn in_batch(documents: &[(usize, String)], n_documents: usize) -> String {
    let named: Vec<String> = documents.iter().map(|(number, text)| format!("{number} ({text:?})")).collect();
    let rest = match n_documents - documents.len() {
        _ if documents.is_empty() => return String::new(),
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    format!(". Documents of the batch: {}{rest}", named.join(", "))
}

fn new_labels(missing: &[String], surprising: &[String], found: &[String]) -> String {
    let found = found.join(", ");
    match missing {
        [] => format!(
            "the pipeline does not know {}, which --add-label does not name; name it, or map it to another label",
            surprising.join(", ")
        ),
        missing => format!(
            "no document has an entity of {}, which --add-label names; the labels are {found}",
            missing.join(", ")
        ),
    }
}

/// How to name a file for a corpus of the usual name, such as `corpora.dev`.
fn example_of_option(corpus: &str) -> String {
    let name = corpus.strip_prefix("corpora.");
    name.map_or_else(String::new, |name| format!(", for instance with --paths.{name} FILE"))
}

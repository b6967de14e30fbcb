//! The training loop: batch, update, evaluate, keep the best, stop.
//!
//! It prints nothing: what a run has to say goes to a [`LogSink`].
//!
//! ```
//! use ner_config::{Block, Kind, Registry};
//! use ner_training::{Batcher, TrainingError};
//!
//! let mut registry = Registry::new();
//! ner_training::register(&mut registry);
//! let block = Block::function(Kind::Batchers, "spacy.batch_by_words.v1")
//!     .with("size", 10)
//!     .with("tolerance", 0.2)
//!     .with("discard_oversize", false);
//! let mut batcher: Batcher = registry.build(Kind::Batchers, &block)?;
//!
//! let lengths = [5, 3, 12, 4, 4, 1];
//! let batches: Result<Vec<_>, TrainingError> = batcher.batches(lengths, |&length| length).collect();
//! assert_eq!(batches?, [vec![5, 3], vec![12], vec![4, 4, 1]]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod train;

mod checkpoint;
mod corpora;
mod evaluate;
mod labels;
mod train_corpus;

mod batcher;
mod score;
mod stopping;

mod console_logger;
mod log_file;
mod logger;
mod table;

mod error;
mod registrations;

pub use batcher::{
    BatchByPaddedConfig, BatchBySequenceConfig, BatchByWordsConfig, Batcher, Batches, subdivide,
};
pub use console_logger::{ConsoleLoggerV1Config, ConsoleLoggerV2Config, ConsoleLoggerV3Config, ProgressBar};
pub use error::TrainingError;
pub use evaluate::evaluate;
pub use labels::labels;
pub use logger::{Evaluation, LogLine, LogSink, Logger, Progress, RunLog, RunPlan};
pub use registrations::register;
pub use score::{FinalScore, ScoreWeights, Scores};
pub use stopping::Stopping;
pub use train::{Best, TrainingReport, train};

#![doc = include_str!("../README.md")]

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

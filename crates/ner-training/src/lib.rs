#![doc = include_str!("../README.md")]

mod distillation;
mod train;
mod update;

mod callbacks;
mod data;
mod events;
mod rehearsals;
mod run;
mod text_batches;
mod unannotated;

mod pretraining;

mod batcher;
mod loggers;

mod error;
mod registrations;

pub use batcher::{
    BatchByPaddedConfig, BatchBySequenceConfig, BatchByWordsConfig, Batcher, Batches, Grouped, Item, Pass,
    batches, subdivide,
};
pub use data::{Finding, TrainingData};
pub use distillation::{DistillOptions, DistillationError, distill};
pub use error::TrainingError;
pub use events::{EventSink, LogRow, Progress, ProgressBar, TrainingEvent};
pub use loggers::{
    ChainLoggerConfig, ConsoleLoggerV1Config, ConsoleLoggerV2Config, ConsoleLoggerV3Config, Evaluation,
    Logger, RunLog, RunPlan, TensorBoardLoggerConfig, UnheardLoggerConfig,
};
pub use pretraining::{Pretrain, PretrainingEvent, PretrainingOutput, PretrainingRow, ResumeFrom};
pub use registrations::register;
pub use run::{
    Best, Checkpoint, ConfigChange, FinalScore, Fingerprint, HalfChoice, MemoryPlan, Output, RunState,
    SavedRun, ScoreWeights, Stopping, StreamPlace, TrainingReport, TrainingRun, check_config, evaluate,
    label_data, labels, memory_plan, planned_steps, read_corpora,
};
pub use train::train;
pub use update::{LabelChange, UpdateOptions, UpdateReport, update};

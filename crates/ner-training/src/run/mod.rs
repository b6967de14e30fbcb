//! A run of training: its parts, its state, and the loop.

mod checkpoint;
mod corpora;
mod evaluate;
mod evaluated_step;
mod follow;
mod half_choice;
mod learn_from;
mod out_bias;
mod output;
mod outside;
mod report;
mod resume;
mod score;
mod setup;
mod state;
mod stopping;
mod train_corpus;
mod training_run;

pub(crate) use checkpoint::{CheckedFolder, Generator, allowed_changes};
pub use checkpoint::{Checkpoint, ConfigChange, Fingerprint, SavedRun, StreamPlace};
pub(crate) use corpora::{Corpora, is_set_apart};
pub use evaluate::evaluate;
pub(crate) use evaluated_step::check_weights;
pub(crate) use follow::diverged;
pub use half_choice::HalfChoice;
pub(crate) use out_bias::OUT_BIAS;
pub use output::Output;
pub use report::{Best, TrainingReport};
pub(crate) use score::number;
pub use score::{FinalScore, ScoreWeights};
pub use setup::{MemoryPlan, check_config, label_data, labels, memory_plan, planned_steps, read_corpora};
pub use state::RunState;
pub use stopping::Stopping;
pub(crate) use train_corpus::{Batch, TrainCorpus};
pub use training_run::TrainingRun;

//! A run of training: its parts, its state, and the loop.

mod checks;
mod corpora;
mod evaluate;
mod follow;
mod labels;
mod output;
mod report;
mod saved;
mod score;
mod state;
mod stopping;
mod train_corpus;
mod training_run;
mod warnings;

pub use evaluate::evaluate;
pub use labels::labels;
pub use report::{Best, TrainingReport};
pub use saved::SavedRun;
pub(crate) use score::number;
pub use score::{FinalScore, ScoreWeights};
pub use state::RunState;
pub use stopping::Stopping;
pub use training_run::TrainingRun;

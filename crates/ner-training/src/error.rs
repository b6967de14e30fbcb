use std::path::PathBuf;

/// What can go wrong in training.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The schedule of batch sizes has ended.
    #[error(
        "[training.batcher] size: the schedule has ended, expected a size for every batch; use an endless one"
    )]
    SizesEnded,
    /// A batch size leaves no room for an item.
    #[error("[training.batcher] size: found {size}, expected at least 1 item in a batch")]
    SizeTooSmall {
        /// The size that the schedule gave.
        size: f64,
    },
    /// A score that the final score is to be made of is no number.
    #[error(
        "[training.score_weights] {name}: the score is {found}, expected a number; set its weight to null to leave it out"
    )]
    ScoreNotNumber {
        /// The name of the score.
        name: String,
        /// What it is instead.
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
}

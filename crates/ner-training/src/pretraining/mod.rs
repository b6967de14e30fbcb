//! Pretraining: the loop, its figures, and the files that it leaves.

mod events;
mod output;
mod pretrain;
mod progress;

pub use events::{PretrainingEvent, PretrainingRow};
pub use pretrain::{Pretrain, ResumeFrom};

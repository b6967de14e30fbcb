//! Pretraining: the loop, its figures, and the files that it leaves; and training that starts from them.

mod checkpoint;
mod events;
mod follow;
mod init_tok2vec;
mod output;
mod pretrain;
mod progress;
mod resume;
mod state;

pub use events::{PretrainingEvent, PretrainingRow};
pub(crate) use init_tok2vec::init_tok2vec;
pub use output::PretrainingOutput;
pub use pretrain::{Pretrain, ResumeFrom};

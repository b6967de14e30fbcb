use std::path::PathBuf;

use ner_files::FileError;
use ner_vocab::VocabError;

/// Why no vectors could be learned.
#[derive(Debug, thiserror::Error)]
pub enum VectorsError {
    /// A setting means nothing.
    #[error("{name}: expected {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// The values that are possible.
        expected: &'static str,
    },
    /// The text has no words.
    #[error("the text has no words; give files that have some")]
    NoWords,
    /// All words of the text are too rare.
    #[error(
        "none of the text's {n_words} words is there {min_count} times; give more text, or a smaller min_count"
    )]
    AllRare {
        /// The distinct words.
        n_words: usize,
        /// The times that a word has to be there.
        min_count: u64,
    },
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file of a checkpoint is damaged.
    #[error("{}: {problem}; begin anew, without resuming", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A checkpoint was made with other settings or of another text.
    #[error("{}: {problem}; give what was given before, or begin anew, without resuming", path.display())]
    Other {
        /// The folder of the checkpoint.
        path: PathBuf,
        /// What differs.
        problem: String,
    },
    /// Weights are no numbers any more.
    #[error(
        "the weights are no finite numbers after {n_words} words; give a smaller learn_rate than {learn_rate}"
    )]
    Diverged {
        /// The words that were learned from.
        n_words: u64,
        /// The rate at the beginning.
        learn_rate: f32,
    },
    /// The vectors do not make a table.
    #[error(transparent)]
    Vocab(#[from] VocabError),
}

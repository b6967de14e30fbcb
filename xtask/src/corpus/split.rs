//! The three parts of the corpus.

use std::fmt;

/// A part of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Split {
    Train,
    Dev,
    Test,
}

impl Split {
    /// In the order in which they are written.
    pub(crate) const ALL: [Self; 3] = [Self::Train, Self::Dev, Self::Test];

    /// The split that item `index` of a dealt rule goes to: of six, four are for training.
    pub(crate) fn of_item(index: usize) -> Self {
        // Spread over the list: its items often stand in some order, which no split should inherit.
        match index % 6 {
            2 => Self::Dev,
            5 => Self::Test,
            _ => Self::Train,
        }
    }

    /// How many texts it has.
    pub(crate) fn n_texts(self) -> usize {
        match self {
            Self::Train => 3000,
            Self::Dev | Self::Test => 600,
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Train => "train",
            Self::Dev => "dev",
            Self::Test => "test",
        })
    }
}

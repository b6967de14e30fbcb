use ner_config::{Builder, ConfigError};

use crate::argument_checks::{check_at_least_one, check_weights};

/// The settings of a stack of window layers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowRecipe {
    pub(crate) width: usize,
    pub(crate) window_size: usize,
    pub(crate) depth: usize,
    pub(crate) kind: WindowKind,
    pub(crate) version: Version,
}

/// The function that a window layer applies to its window.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WindowKind {
    /// Maxout with some pieces.
    Maxout(usize),
    /// Mish.
    Mish,
}

/// Which part of the network joins sequences to one array, with zero rows around each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// `spacy.Tok2Vec.v1`, around the stack.
    One,
    /// The stack itself.
    Two,
}

impl WindowRecipe {
    /// The recipe, if its numbers make sense.
    pub(crate) fn checked(self, builder: &Builder<'_>) -> Result<WindowRecipe, ConfigError> {
        let pieces = match self.kind {
            WindowKind::Maxout(pieces) => pieces,
            WindowKind::Mish => 1,
        };
        let numbers = [("width", self.width), ("maxout_pieces", pieces), ("depth", self.depth)];
        check_at_least_one(builder, &numbers)?;
        // The window size comes from a file as well: an absurd one saturates, and the limit refuses it.
        let inputs = self.window_size.saturating_mul(2).saturating_add(1).saturating_mul(self.width);
        check_weights(builder, "width", &[self.depth, self.width, pieces, inputs])?;
        Ok(self)
    }

    /// Zero rows around each sequence: as many as the stack can see, or none.
    ///
    /// spaCy: layers of mish get none, so that neighbouring documents of a batch see each other
    /// (ml/models/tok2vec.py).
    pub(crate) fn padding(self) -> usize {
        match self.kind {
            WindowKind::Maxout(_) => self.window_size * self.depth,
            WindowKind::Mish => 0,
        }
    }
}

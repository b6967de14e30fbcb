use std::fmt;

/// A message for the user while files are converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its weight.
    pub level: Level,
    /// The text, as spaCy puts it.
    pub text: String,
}

/// The weight of a message.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// A result that is probably not intended.
    Warn,
    /// Done.
    Good,
}

impl Message {
    pub(crate) fn info(text: impl Into<String>) -> Message {
        Message { level: Level::Info, text: text.into() }
    }

    pub(crate) fn warn(text: impl Into<String>) -> Message {
        Message { level: Level::Warn, text: text.into() }
    }

    pub(crate) fn good(text: impl Into<String>) -> Message {
        Message { level: Level::Good, text: text.into() }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbol = match self.level {
            Level::Info => 'ℹ',
            Level::Warn => '⚠',
            Level::Good => '✔',
        };
        write!(f, "{symbol} {}", self.text)
    }
}

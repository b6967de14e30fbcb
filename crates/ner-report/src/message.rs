use std::fmt;

/// A line of text for a person; its `Display` is the line as spaCy prints it without color.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A remark.
    Info(String),
    /// A warning.
    Warning(String),
    /// Something is done.
    Good(String),
    /// Something failed.
    Fail(String),
    /// The title of the following lines, between an empty line and the rows below.
    Title(String),
    /// A line of a result, such as a row of a table.
    Row(String),
}

/// Width of a title of a training run with its rule.
const TITLE_WIDTH: usize = 77;

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Info(text) => write!(f, "ℹ {text}"),
            Message::Warning(text) => write!(f, "⚠ {text}"),
            Message::Good(text) => write!(f, "✔ {text}"),
            Message::Fail(text) => write!(f, "✘ {text}"),
            Message::Title(text) => write!(f, "\n{:=^width$}", format!(" {text} "), width = TITLE_WIDTH),
            Message::Row(text) => f.write_str(text),
        }
    }
}

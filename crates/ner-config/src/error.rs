use std::path::PathBuf;

use crate::Kind;

/// An error in a configuration document, or in a function that it names.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The text is not a document of its syntax.
    #[error("line {line}: {message}")]
    Syntax {
        /// The line, from 1; 0 where the text is one value without a file.
        line: usize,
        /// The expected text, and the one that was found.
        message: String,
    },
    /// A `${variable}` cannot be replaced.
    #[error("{path}: {message}")]
    Variable {
        /// The key whose value holds the variable.
        path: String,
        /// The reason why it cannot be replaced.
        message: String,
    },
    /// An override such as `--training.max_steps 200` cannot be applied.
    #[error("override `{name}`: {message}")]
    Override {
        /// The override as it was given.
        name: String,
        /// The reason why it cannot be applied.
        message: String,
    },
    /// A section or a function block has missing, unexpected or mistyped keys.
    #[error("{place}: {}", problems.join("; "))]
    Keys {
        /// The path of the block, and the function that it names, if any.
        place: String,
        /// One line for each key that is wrong.
        problems: Vec<String>,
    },
    /// A value is wrong, by its type or by its content.
    #[error("{path}: {message}")]
    Value {
        /// The path of the value.
        path: String,
        /// The expected value, and the one that was found.
        message: String,
    },
    /// A block where a function is expected names none.
    #[error("{path}: expected a function block with the key `{}`, found {found}", kind.key())]
    NoFunction {
        /// The path of the block.
        path: String,
        /// The kind of function that is expected.
        kind: Kind,
        /// The keys that were found instead.
        found: String,
    },
    /// A block names a function that is not registered.
    #[error("{path}: unknown function `{name}` in `{}`{}; known: {}", kind.key(), did_you_mean(nearest.as_deref()), known.join(", "))]
    UnknownFunction {
        /// The path of the block.
        path: String,
        /// The kind of the function.
        kind: Kind,
        /// The name that was not found.
        name: String,
        /// The registered name that resembles it most.
        nearest: Option<String>,
        /// All registered names of this kind.
        known: Vec<String>,
    },
    /// A function builds a type other than the one expected in this place.
    #[error("{path}: `{function}` builds `{built}`, expected `{expected}`")]
    WrongProduct {
        /// The path of the block.
        path: String,
        /// The name of the function.
        function: String,
        /// The type that it builds.
        built: &'static str,
        /// The type that is expected.
        expected: &'static str,
    },
    /// The function that a block names failed.
    #[error("{path}: {source}")]
    Build {
        /// The path of the block.
        path: String,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file of a document cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of a document is wrong.
    #[error("{}: {source}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// The error in it.
        source: Box<ConfigError>,
    },
}

impl ConfigError {
    /// The error that `line` of a text is not in the text's syntax.
    pub(crate) fn syntax(line: usize, message: impl ToString) -> ConfigError {
        ConfigError::Syntax { line, message: message.to_string() }
    }
}

/// The end of a sentence that suggests `nearest`; empty if there is none.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default()
}

/// The known name that `wrong` was probably meant to be.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

use std::path::{Path, PathBuf};

use ner_files::FileError;

use crate::Kind;
use crate::hints::did_you_mean;

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
    /// A key of a section or of a function block is missing or unknown.
    #[error("{}{problem}", place(path, function.as_deref()))]
    Key {
        /// The path of the section or block; the document itself has an empty one.
        path: String,
        /// The function that the block names.
        function: Option<String>,
        /// The key.
        key: String,
        /// What is wrong with it.
        problem: String,
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
    #[error(
        "{path}: unknown function `{name}` in `{}`{}; {}{}",
        kind.key(),
        did_you_mean(nearest.as_deref()),
        list(known),
        way_out(*kind, nearest.as_deref())
    )]
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
    /// A block names a function that other programs have and this one lacks.
    #[error("{path}: `{name}` in `{}` is not available here: {reason}", kind.key())]
    Lacking {
        /// The path of the block.
        path: String,
        /// The kind of the function.
        kind: Kind,
        /// Its name.
        name: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A function builds a type other than the one expected in this place.
    #[error("{path}: `{function}` builds `{built}`, expected `{expected}`")]
    WrongProduct {
        /// The path of the block.
        path: String,
        /// The kind of the function.
        kind: Kind,
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
    /// A file of a document cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A value in a line of a document is wrong.
    #[error("line {line}: {source}")]
    AtLine {
        /// The line, from 1.
        line: usize,
        /// The error in it.
        source: Box<ConfigError>,
    },
    /// Several things are wrong: all that could be found at once.
    #[error("{} problems:{}", .0.len(), .0.iter().map(|error| format!("\n  {error}")).collect::<String>())]
    Several(Vec<ConfigError>),
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

    /// This error, or each of several, as one in `file`.
    pub fn in_file(self, file: &Path) -> ConfigError {
        match self {
            ConfigError::Several(errors) => {
                ConfigError::Several(errors.into_iter().map(|error| error.in_file(file)).collect())
            }
            // These name a file already.
            ConfigError::InFile { .. } | ConfigError::File(_) => self,
            error => ConfigError::InFile { path: file.to_owned(), source: Box::new(error) },
        }
    }

    /// The path of the value that the error is about, if it is about one and has no line yet.
    pub(crate) fn path(&self) -> Option<String> {
        match self {
            ConfigError::Variable { path, .. }
            | ConfigError::Value { path, .. }
            | ConfigError::NoFunction { path, .. }
            | ConfigError::Build { path, .. } => Some(path.clone()),
            ConfigError::Key { path, key, .. } if path.is_empty() => Some(key.clone()),
            ConfigError::Key { path, key, .. } => Some(format!("{path}.{key}")),
            ConfigError::UnknownFunction { path, kind, .. }
            | ConfigError::Lacking { path, kind, .. }
            | ConfigError::WrongProduct { path, kind, .. } => Some(format!("{path}.{}", kind.key())),
            _ => None,
        }
    }
}

/// The beginning of a message about a section or a block; nothing for the document as a whole.
fn place(path: &str, function: Option<&str>) -> String {
    match function {
        Some(function) => format!("{path} ({function}): "),
        None if path.is_empty() => String::new(),
        None => format!("{path}: "),
    }
}

fn list(known: &[String]) -> String {
    if known.is_empty() { "none is known".to_owned() } else { format!("known: {}", known.join(", ")) }
}

/// What to do with a component that has no near name: it is probably code of somebody.
fn way_out(kind: Kind, nearest: Option<&str>) -> &'static str {
    match (kind, nearest) {
        (Kind::Factories, None) => {
            "; if it is code of Python, take it out of nlp.pipeline and train the others alone"
        }
        _ => "",
    }
}

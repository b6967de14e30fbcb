//! The lines in which the values of a document stand.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::ConfigError;

/// The lines of sections and values by dotted path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Empty if the document comes from no file.
    file: PathBuf,
    /// From 1; 0 for what was set later, from the command line or by a program.
    lines: HashMap<String, usize>,
}

impl Places {
    pub(crate) fn of_file(self, file: &Path) -> Places {
        Places { file: file.to_owned(), ..self }
    }

    /// Forgets the line of a value, which another one replaces.
    pub(crate) fn forget(&mut self, path: &str) {
        let below = format!("{path}.");
        self.lines.retain(|other, _| !other.starts_with(&below));
        self.lines.insert(path.to_owned(), 0);
    }

    /// The error with the file and the line of the value that it is about, in the order of the lines.
    pub(crate) fn locate(&self, error: ConfigError) -> ConfigError {
        match error {
            ConfigError::Several(errors) => {
                let mut errors: Vec<_> =
                    errors.into_iter().map(|error| (self.line(&error), self.locate(error))).collect();
                // What no line holds is missing, and comes last.
                errors.sort_by_key(|(line, _)| line.unwrap_or(usize::MAX));
                ConfigError::Several(errors.into_iter().map(|(_, error)| error).collect())
            }
            error => match self.line(&error) {
                Some(0) => error,
                Some(line) => self.in_file(ConfigError::AtLine { line, source: Box::new(error) }),
                None if error.path().is_some() => self.in_file(error),
                None => error,
            },
        }
    }

    /// The line of the value that an error is about, or else of the section that it would belong to.
    fn line(&self, error: &ConfigError) -> Option<usize> {
        let path = error.path()?;
        let ends = path.match_indices('.').map(|(end, _)| end).chain([path.len()]);
        ends.filter_map(|end| self.lines.get(&path[..end]).copied()).next_back()
    }

    fn in_file(&self, error: ConfigError) -> ConfigError {
        if self.file.as_os_str().is_empty() { error } else { error.in_file(&self.file) }
    }
}

impl FromIterator<(String, usize)> for Places {
    fn from_iter<I: IntoIterator<Item = (String, usize)>>(lines: I) -> Places {
        Places { file: PathBuf::new(), lines: lines.into_iter().collect() }
    }
}

use crate::ConfigError;

/// Errors that are found one after the other and told together.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<ConfigError>);

impl Problems {
    /// The value of a result, whose error is kept.
    pub(crate) fn check<T>(&mut self, result: Result<T, ConfigError>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// Keeps an error, unless it is known, or follows from a variable that refers to nothing.
    pub(crate) fn add(&mut self, error: ConfigError) {
        match error {
            ConfigError::Several(errors) => self.extend(errors),
            error if self.0.iter().any(|known| is_same(known, &error)) => {}
            error => self.0.push(error),
        }
    }

    /// Fails with all errors.
    pub(crate) fn into_result(mut self) -> Result<(), ConfigError> {
        match self.0.len() {
            0 => Ok(()),
            1 => Err(self.0.remove(0)),
            _ => Err(ConfigError::Several(self.0)),
        }
    }
}

impl Extend<ConfigError> for Problems {
    fn extend<I: IntoIterator<Item = ConfigError>>(&mut self, errors: I) {
        errors.into_iter().for_each(|error| self.add(error));
    }
}

fn is_same(known: &ConfigError, error: &ConfigError) -> bool {
    match (known, error) {
        // A value that refers to another one repeats what is wrong there.
        (ConfigError::Variable { message, .. }, ConfigError::Variable { message: other, .. }) => {
            message == other
        }
        (ConfigError::Variable { path, .. }, error) => error.path().as_ref() == Some(path),
        (known, error) => known.to_string() == error.to_string(),
    }
}

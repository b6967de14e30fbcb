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
        if let ConfigError::Several(errors) = error {
            return self.extend(errors);
        }
        let is_consequence = |known: &ConfigError| {
            matches!(known, ConfigError::Variable { .. }) && known.path() == error.path()
        };
        let is_known = |known: &ConfigError| is_consequence(known) || known.to_string() == error.to_string();
        if !self.0.iter().any(is_known) {
            self.0.push(error);
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

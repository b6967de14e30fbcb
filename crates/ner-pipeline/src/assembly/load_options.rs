use std::collections::BTreeSet;

use crate::PipelineError;

/// Which components of a pipeline are loaded, and which of them run: the arguments of `spacy.load`, and two more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Components that are not loaded.
    pub exclude: Vec<String>,
    /// Components that are loaded and do not run, beside those that the config disables.
    pub disable: Vec<String>,
    /// If there are any, the only components that run.
    pub enable: Vec<String>,
    /// Whether it is an error that a component is not known here and would have to run. Else it is skipped with a
    /// warning.
    pub strict: bool,
    /// Whether the pipeline will do nothing but predict: what only serves to save it or to train it is left out.
    pub only_predict: bool,
}

impl LoadOptions {
    /// The components of `pipeline` that are loaded, in order.
    pub(crate) fn loaded(&self, pipeline: &[String]) -> Vec<String> {
        for name in [&self.exclude, &self.disable, &self.enable].into_iter().flatten() {
            // spaCy: such a name is no error (language.py); it may be a slip, hence the warning.
            if !pipeline.contains(name) {
                let known = pipeline.join(", ");
                tracing::warn!("The pipeline has no component {name:?}; its components: {known}.");
            }
        }
        pipeline.iter().filter(|name| !self.exclude.contains(name)).cloned().collect()
    }

    /// The components among `loaded` that do not run, given those that the config disables.
    pub(crate) fn disabled(
        &self,
        loaded: &[String],
        by_config: &[String],
    ) -> Result<BTreeSet<String>, PipelineError> {
        let asked: BTreeSet<&String> = self.disable.iter().chain(by_config).collect();
        if let Some(name) = self.enable.iter().find(|name| asked.contains(name)) {
            return Err(PipelineError::EnabledAndDisabled { component: name.clone() });
        }
        let is_off =
            |name: &&String| asked.contains(name) || !self.enable.is_empty() && !self.enable.contains(name);
        Ok(loaded.iter().filter(is_off).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// What is loaded and what of it does not run, of a pipeline `a b c` whose config disables `c`.
    fn resolve(exclude: &str, disable: &str, enable: &str) -> Result<(String, String), String> {
        let options = LoadOptions {
            exclude: names(exclude),
            disable: names(disable),
            enable: names(enable),
            ..LoadOptions::default()
        };
        let loaded = options.loaded(&names("a b c"));
        let disabled = options.disabled(&loaded, &names("c")).map_err(|error| error.to_string())?;
        Ok((loaded.join(" "), Vec::from_iter(disabled).join(" ")))
    }

    #[test]
    fn options_mean_what_they_mean_in_spacy() {
        let expect = |loaded: &str, disabled: &str| Ok((loaded.to_owned(), disabled.to_owned()));
        assert_eq!(resolve("", "", ""), expect("a b c", "c"));
        assert_eq!(resolve("c nope", "a", ""), expect("a b", "a"));
        assert_eq!(resolve("", "", "a"), expect("a b c", "b c"));
        assert_eq!(resolve("b", "", "a"), expect("a c", "c"));
        assert!(resolve("", "a", "a b").unwrap_err().contains("\"a\" is to be enabled and disabled"));
        assert!(resolve("", "", "c").is_err());
    }
}

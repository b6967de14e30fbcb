use indexmap::IndexMap;

use crate::{ConfigError, Kind, Registry, Table};

/// Components that cannot be made here, all of which one error names: their names by the reason.
#[derive(Debug, Default)]
pub(super) struct Refused(IndexMap<String, Vec<String>>);

impl Refused {
    /// Whether the component `name` is one that other programs have and this one lacks; it is remembered.
    pub(super) fn take(&mut self, name: &str, table: &Table, registry: &Registry) -> bool {
        let factory = table.get(Kind::Factories.key()).and_then(|factory| factory.as_str());
        let Some(reason) = factory.and_then(|factory| registry.lacking(Kind::Factories, factory)) else {
            return false;
        };
        self.0.entry(reason.to_owned()).or_default().push(name.to_owned());
        true
    }

    pub(super) fn into_error(self) -> Option<ConfigError> {
        let reasons = self.0.iter().map(|(reason, names)| format!("{} ({reason})", names.join(", ")));
        let reasons: Vec<String> = reasons.collect();
        let message = format!(
            "not available here: {}; take what is not available out of nlp.pipeline and train the others alone: `ner \
             assemble` puts them together afterwards",
            reasons.join("; ")
        );
        (!reasons.is_empty()).then(|| ConfigError::Value { path: "nlp.pipeline".to_owned(), message })
    }
}

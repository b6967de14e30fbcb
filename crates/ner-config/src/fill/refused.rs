use crate::{ConfigError, Kind, Registry, Table};

/// Components that cannot be made here, all of which one error names.
#[derive(Debug, Default)]
pub(super) struct Refused {
    /// Those of other programs, by the reason.
    elsewhere: Vec<(String, String)>,
}

impl Refused {
    /// Whether the component `name` is one that another program has and this one lacks; it is remembered.
    pub(super) fn take(&mut self, name: &str, table: &Table, registry: &Registry) -> bool {
        let factory = table.get(Kind::Factories.key()).and_then(|factory| factory.as_str());
        let reason = factory.and_then(|factory| registry.lacking(Kind::Factories, factory));
        self.elsewhere.extend(reason.map(|reason| (name.to_owned(), reason.to_owned())));
        reason.is_some()
    }

    pub(super) fn into_error(self) -> Option<ConfigError> {
        let reasons: Vec<String> =
            self.elsewhere.iter().map(|(name, reason)| format!("{name} ({reason})")).collect();
        let message = format!(
            "not available here: {}; take {} out of nlp.pipeline and train the others alone: `ner assemble` puts them \
             together afterwards",
            reasons.join(", "),
            if reasons.len() == 1 { "it" } else { "them" }
        );
        (!reasons.is_empty()).then(|| ConfigError::Value { path: "nlp.pipeline".to_owned(), message })
    }
}

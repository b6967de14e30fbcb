use std::collections::HashMap;
use std::path::Path;

use ner_doc::{Doc, EntIob};

use crate::account::{Account, SpanLoss};
use crate::{FormatError, Place};

/// New names for labels: to rename and merge them, and to drop those whose new name is empty.
#[derive(Clone, Debug, Default)]
pub struct LabelMap(HashMap<String, String>);

impl LabelMap {
    /// Reads a JSON object from label to label.
    pub fn open(path: &Path) -> Result<LabelMap, FormatError> {
        let map = serde_json::from_reader(ner_files::open(path)?);
        map.map(LabelMap).map_err(|error| FormatError::Malformed {
            place: Place::file(path).line(error.line()).column(error.column()),
            message: format!("{error}; expected a JSON object from label to label"),
            code: None,
        })
    }

    /// The new name of a label; empty: the entity is dropped.
    pub fn get<'a>(&'a self, label: &'a str) -> &'a str {
        self.0.get(label).map_or(label, String::as_str)
    }

    /// The labels that get a new name, sorted.
    pub fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = self.0.keys().map(String::as_str).collect();
        labels.sort_unstable();
        labels
    }

    /// Renames the entities of a document, and of its groups the spans.
    pub(crate) fn apply(&self, doc: &mut Doc, account: &mut Account) {
        if self.0.is_empty() {
            return;
        }
        let vocab = doc.vocab().clone();
        let strings = vocab.strings();
        let mut is_dropped = false;
        for token in &mut doc.tokens {
            if !matches!(token.ent_iob, EntIob::Begin | EntIob::In) {
                continue;
            }
            let label = strings.get(token.ent_type).unwrap_or_default();
            let new = self.get(&label);
            if token.ent_iob == EntIob::Begin {
                is_dropped = new.is_empty();
                if is_dropped {
                    account.lose(SpanLoss::Dropped, || format!("{label}: {:?}", token.text()));
                }
            }
            token.ent_type = strings.add(new);
            if is_dropped {
                token.ent_iob = EntIob::Out;
            }
        }
        for group in doc.spans.values_mut() {
            group.spans.retain_mut(|span| {
                let label = strings.get(span.label).unwrap_or_default();
                let new = self.get(&label);
                span.label = strings.add(new);
                if new.is_empty() {
                    account.lose(SpanLoss::Dropped, || format!("{label}: a span that is known to be wrong"));
                }
                !new.is_empty()
            });
        }
    }
}

use std::collections::BTreeMap;

use ner_doc::{Doc, EntIob, Example};
use ner_formats::account::Account;
use ner_formats::account::INCORRECT_SPANS;
use serde::Serialize;

/// What a corpus holds for a recogniser to learn from or to be measured by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CorpusSummary {
    /// Documents.
    pub documents: usize,
    /// Documents of which something is known of entities.
    pub annotated: usize,
    /// Documents that are annotated and have no entity.
    pub empty: usize,
    /// Entities, by label.
    pub entities: BTreeMap<String, usize>,
    /// Spans that are known not to be entities.
    pub rejected: usize,
    /// Entities that begin or end with white space, which a recogniser never predicts.
    pub white_space: usize,
    /// Spans in the files that were read; 0 for sources that are no files.
    pub spans: usize,
    /// Those of them that did not become entities.
    pub spans_lost: usize,
}

impl CorpusSummary {
    /// Counts examples, and the losses of the files that they were read from.
    pub fn of(examples: &[Example], accounts: &[Account]) -> CorpusSummary {
        let mut summary = CorpusSummary::default();
        examples.iter().for_each(|example| summary.add(example));
        summary.add_losses(accounts);
        summary
    }

    /// Counts the reference of an example.
    pub fn add(&mut self, example: &Example) {
        let doc = &example.reference;
        self.documents += 1;
        self.rejected += doc.spans.get(INCORRECT_SPANS).map_or(0, |group| group.spans.len());
        if !doc.has_entity_annotation() {
            return;
        }
        self.annotated += 1;
        let n_before = self.n_entities();
        for (index, token) in doc.tokens.iter().enumerate() {
            if token.ent_iob == EntIob::Begin {
                let label = doc.vocab().strings().get(token.ent_type).unwrap_or_default();
                *self.entities.entry(label.to_string()).or_default() += 1;
                self.white_space += usize::from(touches_white_space(doc, index));
            }
        }
        self.empty += usize::from(self.n_entities() == n_before);
    }

    /// Counts what was lost in reading files.
    pub fn add_losses(&mut self, accounts: &[Account]) {
        self.spans += accounts.iter().map(|account| account.spans).sum::<usize>();
        self.spans_lost += accounts.iter().map(Account::n_spans_lost).sum::<usize>();
    }

    /// Entities of all labels.
    pub fn n_entities(&self) -> usize {
        self.entities.values().sum()
    }

    /// Documents of which nothing is known of entities.
    pub fn unknown(&self) -> usize {
        self.documents - self.annotated
    }
}

/// Whether the entity that begins at a token has white space as its first or last token.
fn touches_white_space(doc: &Doc, start: usize) -> bool {
    let n_more = doc.tokens[start + 1..].iter().take_while(|token| token.ent_iob == EntIob::In).count();
    doc.tokens[start].is_space() || doc.tokens[start + n_more].is_space()
}

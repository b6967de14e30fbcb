use std::fmt;

use ner_cpython::murmur64a;
use ner_doc::{Doc, Example};
use serde::{Deserialize, Serialize};

/// By which a corpus is known again: two corpora with the same texts, tokens and annotation in the same order have the
/// same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// Examples.
    pub documents: usize,
    /// Tokens to predict on.
    pub tokens: usize,
    /// MurmurHash64A of each example, seeded with that of those before it.
    pub hash: u64,
}

impl Fingerprint {
    /// The fingerprint of some examples.
    pub fn of<'a>(examples: impl IntoIterator<Item = &'a Example>) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        examples.into_iter().for_each(|example| fingerprint.add(example));
        fingerprint
    }

    /// The fingerprint of documents.
    pub(crate) fn of_docs<'a>(docs: impl IntoIterator<Item = &'a Doc>) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        docs.into_iter().for_each(|doc| fingerprint.add_docs(&[doc]));
        fingerprint
    }

    /// Adds an example.
    pub fn add(&mut self, example: &Example) {
        self.add_docs(&[&example.predicted, &example.reference]);
    }

    /// Adds documents that count as one, whose tokens are those of the first.
    fn add_docs(&mut self, docs: &[&Doc]) {
        let mut bytes = Vec::new();
        docs.iter().for_each(|doc| put_doc(&mut bytes, doc));
        self.documents += 1;
        self.tokens += docs.first().map_or(0, |doc| doc.len());
        self.hash = murmur64a(&bytes, self.hash);
    }
}

/// All of a document that a component may learn from.
fn put_doc(bytes: &mut Vec<u8>, doc: &Doc) {
    for token in &doc.tokens {
        bytes.extend_from_slice(token.text().as_bytes());
        // No text has this byte, so that no text runs into the next.
        bytes.extend([0xff, u8::from(token.space_after), token.ent_iob as u8, token.sent_start as u8]);
        let ids = [token.own_norm, token.ent_type, token.ent_kb_id, token.ent_id];
        put_numbers(bytes, ids.map(|id| id.0));
    }
    for syntax in &doc.syntax {
        let ids = [syntax.tag, syntax.pos, syntax.morph, syntax.lemma, syntax.dep];
        put_numbers(bytes, ids.map(|id| id.0));
        bytes.extend(syntax.head.to_le_bytes());
    }
    for (key, group) in &doc.spans {
        bytes.extend_from_slice(key.as_bytes());
        for span in &group.spans {
            put_numbers(bytes, [span.start as u64, span.end as u64, span.label.0]);
        }
    }
    bytes.push(0xff);
}

fn put_numbers<const N: usize>(bytes: &mut Vec<u8>, numbers: [u64; N]) {
    numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} documents with {} tokens", self.documents, self.tokens)
    }
}

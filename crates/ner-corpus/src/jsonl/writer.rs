use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use ner_doc::{CharSpan, Doc, DocError};
use serde_json::{Map, Value, json};

use crate::{CorpusError, Place};

/// Writes documents as JSON Lines: `{"text": .., "ents": [{"start": .., "end": .., "label": ..}]}`, offsets in
/// characters of the text. `ents` is left out where nothing is known of entities. A record has no room for tokens of
/// which nothing is known beside others, for syntax and for span groups: they stay behind.
#[derive(Debug)]
pub struct JsonlWriter<W> {
    writer: W,
    file: Arc<Path>,
    has_tokens: bool,
    n_docs: usize,
}

impl<W: Write> JsonlWriter<W> {
    /// Writes to `writer`; `file` is its name in errors.
    pub fn new(writer: W, file: impl Into<Arc<Path>>) -> JsonlWriter<W> {
        JsonlWriter { writer, file: file.into(), has_tokens: false, n_docs: 0 }
    }

    /// Writes `tokens` and `spaces` too, so that the tokens are the same when it is read.
    pub fn with_tokens(self) -> JsonlWriter<W> {
        JsonlWriter { has_tokens: true, ..self }
    }

    /// What is written to.
    pub fn get_ref(&self) -> &W {
        &self.writer
    }

    /// Writes a document; `fields` are other fields for its record.
    pub fn write(&mut self, doc: &Doc, fields: Map<String, Value>) -> Result<(), CorpusError> {
        self.n_docs += 1;
        let record = self.record(doc, fields).map_err(|source| {
            let place = Place::file(self.file.clone()).document(self.n_docs);
            CorpusError::Doc { place, source }
        })?;
        let mut line = Value::Object(record).to_string();
        line.push('\n');
        self.writer.write_all(line.as_bytes()).map_err(CorpusError::io(&self.file))
    }

    fn record(&self, doc: &Doc, fields: Map<String, Value>) -> Result<Map<String, Value>, DocError> {
        let mut record = Map::new();
        record.insert("text".to_owned(), doc.text().into());
        if self.has_tokens {
            record.insert("tokens".to_owned(), doc.words().into());
            record.insert("spaces".to_owned(), doc.tokens.iter().map(|token| token.space_after).collect());
        }
        if doc.has_entity_annotation() {
            record.insert("ents".to_owned(), entities(doc)?);
        }
        for (key, value) in fields {
            record.entry(key).or_insert(value);
        }
        Ok(record)
    }
}

fn entities(doc: &Doc) -> Result<Value, DocError> {
    let (entities, offsets) = (doc.entities()?, doc.entity_offsets()?);
    let text = |id| doc.vocab().strings().get(id).unwrap_or_default();
    let entities = entities.iter().zip(offsets).map(|(entity, CharSpan { start, end, label })| {
        let mut json = json!({"start": start, "end": end, "label": text(label)});
        let first = &doc.tokens[entity.start];
        for (key, id) in [("kb_id", first.ent_kb_id), ("id", first.ent_id)] {
            if !id.is_empty() {
                json[key] = Value::from(&*text(id));
            }
        }
        json
    });
    Ok(entities.collect())
}

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use ner_doc::{Doc, DocError, EntIob, Entity};
use serde_json::{Map, Value, json};

use crate::account::{OutputAccount, Unsaid};
use crate::formats::markup::Markup;
use crate::record::OffsetUnit;
use crate::{FormatError, Place};

/// Writes documents as JSON Lines: `{"text": .., "ents": [{"start": .., "end": .., "label": ..}]}`, offsets in
/// characters of the text unless another unit is asked for. Among the entities stand spans that are known to be none, with
/// `"answer": "reject"`, and beside them `"unknown": [[start, end], ..]`, where nothing is known. `ents` is left out if
/// nothing is known of the whole text. A record cannot hold syntax, nor other span groups: these are left out.
#[derive(Debug)]
pub struct JsonlWriter<W> {
    writer: W,
    file: Arc<Path>,
    has_tokens: bool,
    unit: OffsetUnit,
    n_docs: usize,
}

impl<W: Write> JsonlWriter<W> {
    /// Writes to `writer`; `file` is its name in errors.
    pub fn new(writer: W, file: impl Into<Arc<Path>>) -> JsonlWriter<W> {
        JsonlWriter { writer, file: file.into(), has_tokens: false, unit: OffsetUnit::Chars, n_docs: 0 }
    }

    /// Writes `tokens` and `spaces` too, so that the tokens are the same when it is read.
    pub fn with_tokens(self) -> JsonlWriter<W> {
        JsonlWriter { has_tokens: true, ..self }
    }

    /// Counts offsets in another unit, for programs that do not count characters. The reader of this crate counts them.
    pub fn with_offsets(self, unit: OffsetUnit) -> JsonlWriter<W> {
        JsonlWriter { unit, ..self }
    }

    /// Writes a document; `fields` are other fields for its record.
    pub fn write(&mut self, doc: &Doc, fields: Map<String, Value>) -> Result<(), FormatError> {
        self.write_with_scores(doc, fields, &|_| None)
    }

    /// The same with a `score` for each entity that `score_of` gives one, rounded to six decimals.
    pub fn write_with_scores(
        &mut self,
        doc: &Doc,
        fields: Map<String, Value>,
        score_of: &dyn Fn(&Entity) -> Option<f64>,
    ) -> Result<(), FormatError> {
        self.n_docs += 1;
        let line = line(doc, self.has_tokens, self.unit, fields, score_of).map_err(|source| {
            let place = Place::file(self.file.clone()).document(self.n_docs);
            FormatError::Doc { place, source }
        })?;
        self.writer.write_all(line.as_bytes()).map_err(FormatError::io(&self.file))
    }
}

/// A document as a line with its tokens, for `convert`.
pub(crate) fn to_line(doc: &Doc, account: &mut OutputAccount) -> Result<String, DocError> {
    account.leave_out(doc, &Unsaid::BESIDE_ENTITIES);
    line(doc, true, OffsetUnit::Chars, Map::new(), &|_| None)
}

fn line(
    doc: &Doc,
    has_tokens: bool,
    unit: OffsetUnit,
    fields: Map<String, Value>,
    score_of: &dyn Fn(&Entity) -> Option<f64>,
) -> Result<String, DocError> {
    let mut record = Map::new();
    record.insert("text".to_owned(), doc.text().into());
    if has_tokens {
        record.insert("tokens".to_owned(), doc.words().into());
        record.insert("spaces".to_owned(), doc.tokens.iter().map(|token| token.space_after).collect());
    }
    let markup = Markup::counting(doc, unit)?;
    if markup.is_annotated() {
        record.insert("ents".to_owned(), spans(&markup, score_of));
        let unknown = markup.stretches(EntIob::Missing).into_iter().map(|tokens| markup.bounds(tokens));
        let unknown: Vec<_> = unknown.collect();
        if !unknown.is_empty() {
            record.insert("unknown".to_owned(), json!(unknown));
        }
    }
    // The annotation that was made wins over a field of the same name that the input had.
    for (key, value) in fields {
        record.entry(key).or_insert(value);
    }
    Ok(format!("{}\n", Value::Object(record)))
}

/// The entities, then the spans that are known to be none.
fn spans(markup: &Markup<'_>, score_of: &dyn Fn(&Entity) -> Option<f64>) -> Value {
    let span = |tokens, label| {
        let (start, end) = markup.bounds(tokens);
        json!({"start": start, "end": end, "label": &*markup.text(label)})
    };
    let entities = markup.entities.iter().map(|entity| {
        let mut json = span(entity.start..entity.end, entity.label);
        if let Some(score) = score_of(entity) {
            // Rounded, so that the last bits, which differ between machines, do not show.
            json["score"] = Value::from((score * 1e6).round() / 1e6);
        }
        for (key, id) in markup.ids(entity) {
            json[key] = Value::from(&*id);
        }
        json
    });
    let rejected = markup.rejected.iter().map(|rejected| {
        let mut json = span(rejected.start..rejected.end, rejected.label);
        json["answer"] = "reject".into();
        json
    });
    entities.chain(rejected).collect()
}

#[cfg(test)]
mod tests {
    use ner_vocab::Vocab;

    use super::*;

    #[track_caller]
    fn check(unit: OffsetUnit, start: usize, end: usize) {
        let vocab = Arc::new(Vocab::new("en").unwrap());
        let mut doc = Doc::from_words(vocab.clone(), &["🙂", "Zoë", "wrote"], &[true, true, false]);
        let entity = Entity { start: 1, end: 2, label: vocab.strings().add("PERSON") };
        doc.set_entities(&[entity], EntIob::Out).unwrap();
        let mut lines = Vec::new();
        let mut writer = JsonlWriter::new(&mut lines, Path::new("a.jsonl")).with_offsets(unit);
        writer.write(&doc, Map::new()).unwrap();
        let expected = json!({
            "text": "🙂 Zoë wrote",
            "ents": [{"start": start, "end": end, "label": "PERSON"}]
        });
        assert_eq!(serde_json::from_slice::<Value>(&lines).unwrap(), expected);
    }

    #[test]
    fn offsets_count_what_was_asked_for() {
        check(OffsetUnit::Chars, 2, 5);
        check(OffsetUnit::Bytes, 5, 9);
        check(OffsetUnit::Utf16, 3, 6);
    }
}

use std::collections::HashSet;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use ner_doc::{Doc, DocError, EntIob};
use ner_vocab::StringId;
use serde_json::{Value, json};

use crate::FormatError;
use crate::account::{OutputAccount, Unsaid};
use crate::formats::DocWriter;
use crate::formats::markup::Markup;

/// Documents as Prodigy's records. One of which all is known is a record of `ner_manual`, and its rejected spans are
/// records of their own. Of one that is known in part each stretch is a question of `ner` with its answer, since a
/// complete annotation would say that there is nothing else; a span without a label says that its tokens are outside.
pub(crate) struct ProdigyWriter {
    lines: String,
    n_docs: usize,
    /// Records of one text are about one document.
    texts: HashSet<String>,
}

impl ProdigyWriter {
    /// A writer without documents.
    pub(crate) fn new() -> ProdigyWriter {
        ProdigyWriter { lines: String::new(), n_docs: 0, texts: HashSet::new() }
    }
}

impl DocWriter for ProdigyWriter {
    fn add(&mut self, doc: &Doc, account: &mut OutputAccount) -> Result<(), DocError> {
        account.leave_out(doc, &Unsaid::BESIDE_ENTITIES);
        account.lose(Unsaid::SameTexts, usize::from(!self.texts.insert(doc.text())));
        self.lines.extend(records(doc)?.into_iter().map(|record| format!("{record}\n")));
        self.n_docs += 1;
        Ok(())
    }

    fn n_documents(&self) -> usize {
        self.n_docs
    }

    fn write(&self, writer: &mut dyn Write, path: &Path) -> Result<(), FormatError> {
        writer.write_all(self.lines.as_bytes()).map_err(FormatError::io(path))
    }
}

fn records(doc: &Doc) -> Result<Vec<Value>, DocError> {
    let task = Task { markup: Markup::of(doc)?, text: doc.text(), tokens: tokens(doc) };
    let entities: Vec<Value> = task.markup.entities.iter().map(|entity| task.entity(entity)).collect();
    let rejected = task.markup.rejected.iter().map(|span| task.span(span.start..span.end, span.label));
    let rejected = rejected.map(|span| task.answer("ner", "reject", vec![span]));
    // `ner_manual` says of all other tokens that they are outside, so it is for documents of which all is known.
    let is_complete = doc.tokens.iter().all(|token| token.ent_iob != EntIob::Missing);
    if is_complete {
        let whole = task.answer("ner_manual", "accept", entities);
        return Ok([whole].into_iter().chain(rejected).collect());
    }
    if !task.markup.is_annotated() {
        return Ok(vec![json!({"text": task.text, "tokens": task.tokens, "_view_id": "ner_manual"})]);
    }
    let outside = task.markup.stretches(EntIob::Out).into_iter();
    let outside = outside.map(|tokens| task.span(tokens, StringId::EMPTY));
    let accepted = entities.into_iter().chain(outside).map(|span| task.answer("ner", "accept", vec![span]));
    Ok(accepted.chain(rejected).collect())
}

/// What the records of a document have in common.
struct Task<'a> {
    markup: Markup<'a>,
    text: String,
    tokens: Value,
}

impl Task<'_> {
    fn answer(&self, view_id: &str, answer: &str, spans: Vec<Value>) -> Value {
        json!({
            "text": self.text, "tokens": self.tokens, "spans": spans, "_view_id": view_id, "answer": answer
        })
    }

    fn entity(&self, entity: &ner_doc::Entity) -> Value {
        let mut span = self.span(entity.start..entity.end, entity.label);
        for (key, id) in self.markup.ids(entity) {
            span[key] = Value::from(&*id);
        }
        span
    }

    /// Prodigy names the last token, not the one after it.
    fn span(&self, tokens: Range<usize>, label: StringId) -> Value {
        let (first, last) = (tokens.start, tokens.end - 1);
        let (start, end) = self.markup.bounds(tokens);
        let label = &*self.markup.text(label);
        json!({"start": start, "end": end, "token_start": first, "token_end": last, "label": label})
    }
}

fn tokens(doc: &Doc) -> Value {
    let starts = doc.char_offsets();
    let token = |(id, (token, start)): (usize, (&ner_doc::Token, usize))| {
        let end = start + token.lexeme.length as usize;
        json!({"text": token.text(), "start": start, "end": end, "id": id, "ws": token.space_after})
    };
    doc.tokens.iter().zip(starts).enumerate().map(token).collect()
}

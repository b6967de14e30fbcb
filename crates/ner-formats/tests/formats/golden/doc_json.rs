use ner_doc::{Doc, Syntax};
use ner_vocab::StringId;
use serde_json::{Value, json};

/// A document as the golden suite writes it down.
pub(crate) fn doc_json(doc: &Doc) -> Value {
    let tokens: Vec<Value> = (0..doc.len()).map(|index| token_json(doc, index)).collect();
    let ents: Vec<Value> = doc
        .entities()
        .unwrap()
        .iter()
        .map(|entity| {
            let first = &doc.tokens[entity.start];
            let [label, kb_id, id] = [entity.label, first.ent_kb_id, first.ent_id].map(|id| text(doc, id));
            json!([entity.start, entity.end, label, kb_id, id])
        })
        .collect();
    let cats: serde_json::Map<_, _> =
        doc.cats.iter().map(|(name, score)| (name.clone(), json!(score))).collect();
    json!({
        "text": doc.text(),
        "has_unknown_spaces": doc.has_unknown_spaces,
        "tokens": tokens,
        "ents": ents,
        "spans": spans_json(doc),
        "cats": cats,
    })
}

fn token_json(doc: &Doc, index: usize) -> Value {
    let token = &doc.tokens[index];
    let syntax = doc.syntax.get(index).cloned().unwrap_or_default();
    let Syntax { tag, pos, morph, lemma, dep, head } = syntax;
    let own_norm = token.own_norm;
    let norm = if own_norm.is_empty() { doc.vocab().norm(token.text()).into() } else { text(doc, own_norm) };
    // "_" is the empty analysis.
    let morph = Some(text(doc, morph)).filter(|morph| morph != "_").unwrap_or_default();
    json!({
        "text": token.text(),
        "ws": token.space_after,
        "norm": norm,
        "ent_iob": token.ent_iob as u8,
        "ent_type": text(doc, token.ent_type),
        "ent_kb_id": text(doc, token.ent_kb_id),
        "ent_id": text(doc, token.ent_id),
        "tag": text(doc, tag),
        "pos": text(doc, pos),
        "morph": morph,
        "lemma": text(doc, lemma),
        "dep": text(doc, dep),
        "head": if dep.is_empty() { index } else { index.saturating_add_signed(head as isize) },
        "sent_start": token.sent_start,
    })
}

fn spans_json(doc: &Doc) -> Value {
    let group = |group: &ner_doc::SpanGroup| -> Value {
        let spans = group.spans.iter().map(|span| {
            let [label, kb_id, id] = [span.label, span.kb_id, span.id].map(|id| text(doc, id));
            json!([span.start, span.end, label, kb_id, id])
        });
        spans.collect()
    };
    Value::Object(doc.spans.iter().map(|(key, spans)| (key.clone(), group(spans))).collect())
}

fn text(doc: &Doc, id: StringId) -> String {
    doc.vocab().strings().get(id).unwrap_or_else(|| panic!("no string has the id {id}")).to_string()
}

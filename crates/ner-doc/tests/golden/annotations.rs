use std::sync::Arc;

use ner_doc::{
    Annotation, BiluoTag, Doc, EntityAnnotation, Example, LabelledSpan, Link, offsets_to_biluo_tags,
};
use ner_vocab::{StringId, Vocab};
use serde_json::{Map, Value, json};

use crate::{bools, code, english, number, str, strings, values};

type Fields = Map<String, Value>;

/// The fields of an annotation under their names in the token and the document part; else spaCy's code.
fn read(row: &Value) -> Result<Annotation, &'static str> {
    let fields = row["annotation"].as_object().unwrap();
    let part = |name: &str| fields.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let (mut tokens, mut doc): (Fields, Fields) = (part("token_annotation"), part("doc_annotation"));
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match key.as_str() {
            "token_annotation" | "doc_annotation" | "ids" => {}
            "cats" | "links" | "spans" => _ = doc.insert(key.clone(), value.clone()),
            "ner" | "entities" => _ = doc.insert("entities".to_owned(), value.clone()),
            _ => _ = tokens.insert(key.clone(), value.clone()),
        }
    }
    let text = fields.get("text").map(|text| str(text).to_owned());
    let mut annotation = Annotation { text, ..Annotation::default() };
    for (key, value) in &tokens {
        read_token_field(&mut annotation, key, value)?;
    }
    for (key, value) in doc.iter().filter(|(_, value)| !value.is_null()) {
        read_doc_field(&mut annotation, key, value)?;
    }
    Ok(annotation)
}

fn read_token_field(annotation: &mut Annotation, key: &str, value: &Value) -> Result<(), &'static str> {
    let list = value.as_array().into_iter().flatten();
    let texts = || -> Result<Option<Vec<String>>, _> {
        list.clone()
            .map(|value| Ok(value.as_str().ok_or("E969")?.to_owned()))
            .collect::<Result<_, _>>()
            .map(Some)
    };
    match key {
        "text" => {}
        "words" | "ORTH" => annotation.words = texts()?,
        "spaces" => annotation.spaces = Some(bools(value)),
        "tags" | "TAG" => annotation.tags = texts()?,
        "pos" => annotation.pos = texts()?,
        "lemmas" => annotation.lemmas = texts()?,
        "morphs" => annotation.morphs = texts()?,
        "deps" => annotation.deps = Some(list.map(|dep| dep.as_str().map(str::to_owned)).collect()),
        "heads" => annotation.heads = Some(list.map(Value::as_i64).collect()),
        "sent_starts" => annotation.sent_starts = Some(list.map(ternary).collect()),
        _ => return Err("E983"),
    }
    Ok(())
}

fn ternary(value: &Value) -> i8 {
    match value {
        Value::Null => 0,
        Value::Bool(is_start) => {
            if *is_start {
                1
            } else {
                -1
            }
        }
        number => number.as_i64().unwrap() as i8,
    }
}

fn read_doc_field(annotation: &mut Annotation, key: &str, value: &Value) -> Result<(), &'static str> {
    match key {
        "cats" => {
            let cats = value.as_object().unwrap().iter();
            annotation.cats = cats.map(|(key, value)| (key.clone(), value.as_f64().unwrap())).collect();
        }
        "entities" => annotation.entities = Some(entities(value)?),
        "links" => annotation.links = value.as_array().unwrap().iter().map(link).collect(),
        "spans" => {
            for (name, list) in value.as_object().ok_or("E879")? {
                let spans = list.as_array().ok_or("E879")?.iter().map(span).collect::<Result<_, _>>()?;
                annotation.spans.push((name.clone(), spans));
            }
        }
        _ => return Err("E974"),
    }
    Ok(())
}

fn entities(value: &Value) -> Result<EntityAnnotation, &'static str> {
    let list = value.as_array().ok_or("E973")?;
    if list.first().is_none_or(Value::is_array) {
        return Ok(EntityAnnotation::Offsets(list.iter().map(span).collect::<Result<_, _>>()?));
    }
    let tag = |tag: &Value| match tag {
        Value::Null => Ok(None),
        Value::String(tag) => Ok(Some(tag.clone())),
        _ => Err("E973"),
    };
    Ok(EntityAnnotation::Tags(list.iter().map(tag).collect::<Result<_, _>>()?))
}

fn link(pair: &Value) -> Link {
    let ids = pair[1].as_object().unwrap().iter().map(|(id, p)| (id.clone(), p.as_f64().unwrap())).collect();
    Link { start: number(&pair[0][0]), end: number(&pair[0][1]), ids }
}

fn span(value: &Value) -> Result<LabelledSpan, &'static str> {
    let parts = value.as_array().filter(|parts| parts.len() >= 2).ok_or("E879")?;
    let text = |index: usize| parts.get(index).map(|part| str(part).to_owned()).unwrap_or_default();
    Ok(LabelledSpan { start: number(&parts[0]), end: number(&parts[1]), label: text(2), kb_id: text(3) })
}

fn doc_json(doc: &Doc, vocab: &Vocab) -> Value {
    let text = |id: StringId| vocab.strings().get(id).unwrap().replace('_', "");
    let token = |(index, token): (usize, &ner_doc::Token)| {
        let syntax = doc.syntax.get(index).cloned().unwrap_or_default();
        json!({
            "text": token.text(), "ws": token.space_after, "norm": vocab.norm(token.text()),
            "ent_iob": token.ent_iob as u8, "ent_type": text(token.ent_type), "ent_kb_id": text(token.ent_kb_id),
            "ent_id": text(token.ent_id), "tag": text(syntax.tag), "pos": text(syntax.pos),
            "morph": text(syntax.morph), "lemma": text(syntax.lemma), "dep": text(syntax.dep),
            "head": index as i64 + i64::from(syntax.head), "sent_start": token.sent_start,
        })
    };
    let entities = doc.entities().unwrap();
    let ent = |entity: &ner_doc::Entity| {
        let kb_id = doc.tokens[entity.start].ent_kb_id;
        json!([entity.start, entity.end, text(entity.label), text(kb_id), ""])
    };
    let record =
        |span: &ner_doc::SpanRecord| json!([span.start, span.end, text(span.label), text(span.kb_id), ""]);
    let spans =
        doc.spans.iter().map(|(name, group)| (name.clone(), group.spans.iter().map(record).collect()));
    json!({
        "text": doc.text(), "has_unknown_spaces": doc.has_unknown_spaces,
        "tokens": doc.tokens.iter().enumerate().map(token).collect::<Value>(),
        "ents": entities.iter().map(ent).collect::<Value>(),
        "spans": Value::Object(spans.collect()),
        "cats": Value::Object(doc.cats.iter().map(|(name, value)| (name.clone(), json!(value))).collect()),
    })
}

#[test]
fn annotations_become_documents() {
    let vocab: Arc<Vocab> = english();
    let words = ["I", "like", "London", "and", "Paris", "."];
    let predicted = Doc::from_words(vocab.clone(), &words, &[true, true, true, true, false, false]);
    for row in values("alignment/from_dict.jsonl") {
        assert_eq!(predicted.text(), str(&row["text"]));
        let annotation = match read(&row) {
            Ok(annotation) => annotation,
            Err(code) => {
                assert_eq!(row["code"], code, "{row}");
                continue;
            }
        };
        let (doc, misaligned) = match annotation.to_doc(&predicted) {
            Ok(found) => found,
            Err(error) => {
                let codes = if row["annotation"]["links"].is_null() { ["E855"] } else { ["E981"] };
                assert_eq!(
                    code(&error).replace("E855", codes[0]),
                    row["code"].as_str().unwrap_or("KeyError"),
                    "{row}"
                );
                continue;
            }
        };
        assert_eq!(doc_json(&doc, &vocab), row["reference"], "{row}");
        assert_eq!(!misaligned.is_empty(), strings(&row["warnings"]).contains(&"W030"), "{row}");
        let text = |tag: Option<BiluoTag>| tag.map(|tag| tag.to_text(vocab.strings()));
        let biluo =
            offsets_to_biluo_tags(&doc, &doc.entity_offsets().unwrap(), Some(BiluoTag::Out)).unwrap().tags;
        let written: Value = biluo.into_iter().map(|tag| json!(text(tag))).collect();
        assert_eq!(written, row["to_dict"]["doc_annotation"]["entities"], "{row}");
        match Example::new(predicted.clone(), doc).aligned_ner() {
            Ok(tags) => {
                let tags: Value = tags.into_iter().map(|tag| json!(text(tag))).collect();
                assert_eq!(tags, row["aligned_ner"], "{row}");
            }
            Err(error) => assert_eq!(code(&error), row["aligned_ner"]["code"], "{row}"),
        }
    }
}

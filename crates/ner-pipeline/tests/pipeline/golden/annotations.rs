//! Documents as the golden files describe them.

use std::sync::Arc;

use ner_doc::{Doc, EntIob, SpanGroup, SpanRecord};
use ner_vocab::{StringId, Vocab};
use serde_json::Value;

fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

fn flags(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|flag| flag.as_bool().unwrap()).collect()
}

pub(crate) fn integers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

pub(crate) fn iob(number: i64) -> EntIob {
    match number {
        0 => EntIob::Missing,
        1 => EntIob::In,
        2 => EntIob::Out,
        3 => EntIob::Begin,
        other => panic!("{other} is no ent_iob"),
    }
}

/// A document of the files `batches.json`.
pub(crate) fn batch_doc(vocab: &Arc<Vocab>, row: &Value) -> Doc {
    let mut doc = Doc::from_words(vocab.clone(), &words(&row["words"]), &flags(&row["spaces"]));
    let labels = words(&row["type"]);
    let norms = row["norms"].as_array();
    for (index, token) in doc.tokens.iter_mut().enumerate() {
        token.ent_iob = iob(integers(&row["iob"])[index]);
        token.ent_type = vocab.strings().add(labels[index]);
        token.sent_start = integers(&row["sent_start"])[index] as i8;
        if let Some(norms) = norms {
            token.own_norm = vocab.strings().add(norms[index].as_str().unwrap());
        }
    }
    for (name, spans) in row["spans"].as_object().into_iter().flatten() {
        let record = |span: &Value| SpanRecord {
            start: span[0].as_u64().unwrap() as usize,
            end: span[1].as_u64().unwrap() as usize,
            label: vocab.strings().add(span[2].as_str().unwrap()),
            kb_id: StringId::EMPTY,
            id: StringId::EMPTY,
        };
        let spans = spans.as_array().unwrap().iter().map(record).collect();
        doc.spans.insert(name.clone(), SpanGroup { spans, attrs: Vec::new() });
    }
    doc
}

/// A document of the files `expected.jsonl`: words with presets.
pub(crate) fn preset_doc(vocab: &Arc<Vocab>, row: &Value) -> Doc {
    let mut doc = Doc::from_words(vocab.clone(), &words(&row["words"]), &flags(&row["spaces"]));
    if let Some(starts) = row["sent_start"].as_array() {
        for (token, start) in doc.tokens.iter_mut().zip(starts) {
            token.sent_start = start.as_i64().unwrap() as i8;
        }
    }
    let preset = &row["preset"];
    for entity in preset["ents"].as_array().into_iter().flatten() {
        let range = entity[0].as_u64().unwrap() as usize..entity[1].as_u64().unwrap() as usize;
        let (label, kb_id) = (entity[2].as_str().unwrap(), entity[3].as_str().unwrap());
        for index in range.clone() {
            let token = &mut doc.tokens[index];
            token.ent_iob = if index == range.start { EntIob::Begin } else { EntIob::In };
            token.ent_type = vocab.strings().add(label);
            token.ent_kb_id = vocab.strings().add(kb_id);
        }
    }
    for index in preset["blocked"].as_array().into_iter().flatten() {
        doc.tokens[index.as_u64().unwrap() as usize].ent_iob = EntIob::Begin;
    }
    for index in preset["outside"].as_array().into_iter().flatten() {
        doc.tokens[index.as_u64().unwrap() as usize].ent_iob = EntIob::Out;
    }
    doc
}

/// A document of the files `unknown_preset_labels.json`.
pub(crate) fn unknown_label_doc(vocab: &Arc<Vocab>, row: &Value) -> Doc {
    let words = words(&row["words"]);
    let mut doc = Doc::from_words(vocab.clone(), &words, &vec![true; words.len()]);
    for entity in row["preset"].as_array().unwrap() {
        let range = entity[0].as_u64().unwrap() as usize..entity[1].as_u64().unwrap() as usize;
        for (index, token) in doc.tokens[range].iter_mut().enumerate() {
            token.ent_iob = if index == 0 { EntIob::Begin } else { EntIob::In };
            token.ent_type = vocab.strings().add(entity[2].as_str().unwrap());
        }
    }
    doc
}

use ner_doc::{BiluoTag, Doc, EntIob, Entity, EntityUpdate, offsets_to_biluo_tags};
use serde_json::{Value, json};

use crate::{code, english, ent_iob, number, str, strings, values};

#[test]
fn entities_are_set() {
    for row in values("alignment/set_ents.jsonl") {
        if row["fn"] == "set_ents" { check_set(&row) } else { check_tags(&row) }
    }
}

fn spans(list: &Value) -> Vec<(usize, usize)> {
    list.as_array().unwrap().iter().map(|span| (number(&span[0]), number(&span[1]))).collect()
}

fn check_set(row: &Value) {
    let vocab = english();
    let words = vec!["w"; number(&row["n"])];
    let mut doc = Doc::from_words(vocab.clone(), &words, &[]);
    for (index, token) in doc.tokens.iter_mut().enumerate() {
        token.ent_iob = ent_iob(&row["before"]["iob"][index]);
        token.ent_type = vocab.strings().add(str(&row["before"]["type"][index]));
    }
    let entity = |span: &Value| Entity {
        start: number(&span[0]),
        end: number(&span[1]),
        label: vocab.strings().add(str(&span[2])),
    };
    let entities: Vec<Entity> = row["ents_in"].as_array().unwrap().iter().map(entity).collect();
    let result = doc.update_entities(&EntityUpdate {
        entities: &entities,
        blocked: &spans(&row["blocked"]),
        missing: &spans(&row["missing"]),
        outside: &spans(&row["outside"]),
        default: match str(&row["default"]) {
            "unmodified" => None,
            "missing" => Some(EntIob::Missing),
            "blocked" => Some(EntIob::Begin),
            _ => Some(EntIob::Out),
        },
    });
    match result {
        Err(error) => assert_eq!(code(&error), row["code"], "{row}"),
        Ok(()) => check_doc(&doc, row),
    }
}

fn check_doc(doc: &Doc, row: &Value) {
    let name = |id| doc.vocab().strings().get(id).unwrap().to_string();
    let iobs: Value = doc.tokens.iter().map(|token| json!(token.ent_iob as u8)).collect();
    let types: Value = doc.tokens.iter().map(|token| json!(name(token.ent_type))).collect();
    assert_eq!((&iobs, &types), (&row["iob"], &row["type"]), "{row}");
    let entities = doc.entities().unwrap();
    let ents: Value =
        entities.iter().map(|entity| json!([entity.start, entity.end, name(entity.label)])).collect();
    assert_eq!(ents, row["ents"], "{row}");
    for (field, missing) in [("biluo", Some(BiluoTag::Out)), ("biluo_missing_dash", None)] {
        if row[field].is_array() {
            assert_eq!(tags(doc, missing), row[field], "{row}");
        }
    }
}

fn tags(doc: &Doc, missing: Option<BiluoTag>) -> Value {
    let found = offsets_to_biluo_tags(doc, &doc.entity_offsets().unwrap(), missing).unwrap();
    let text = |tag: &Option<BiluoTag>| tag.map_or("-".to_owned(), |tag| tag.to_text(doc.vocab().strings()));
    found.tags.iter().map(|tag| json!(text(tag))).collect()
}

/// `Doc(ents=tags)`: IOB or BILUO tags, one a token.
fn check_tags(row: &Value) {
    let vocab = english();
    let texts = strings(&row["tags"]);
    let mut doc = Doc::from_words(vocab, &vec!["w"; texts.len()], &[]);
    match doc.set_entity_tags(&texts) {
        Err(_) => assert_eq!(row["code"], "E177", "{row}"),
        Ok(()) if row["error"].is_null() => check_doc(&doc, row),
        Ok(()) => assert_eq!(code(&doc.entities().unwrap_err()), row["code"], "{row}"),
    }
}

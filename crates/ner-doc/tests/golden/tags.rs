use ner_doc::{
    BiluoTag, Doc, DocError, Entity, biluo_tags_to_offsets, biluo_tags_to_spans, biluo_to_iob, iob_to_biluo,
    tags_to_entities,
};
use ner_vocab::{StringStore, Vocab};
use serde_json::{Value, json};

use crate::{bools, code, english, strings, values};

fn out<T>(result: Result<T, DocError>, row: &Value, to_json: impl Fn(T) -> Value) {
    match result {
        Ok(found) => assert_eq!(to_json(found), row["out"], "{row}"),
        Err(error) => assert_eq!(code(&error).replace("E068", own_code(row)), row["code"], "{row}"),
    }
}

/// spaCy has two codes for a tag of no known form.
fn own_code(row: &Value) -> &'static str {
    if row["fn"] == "iob_to_biluo" { "E177" } else { "E068" }
}

/// Tags up to the first that cannot be read; its error, if any, comes after those of the tags before.
fn entities(args: &Value, strings: &StringStore) -> Result<Vec<Entity>, DocError> {
    let read = |tag: &Value| tag.as_str().map_or(Ok(None), |text| BiluoTag::parse(text, strings));
    let parsed: Vec<Result<Option<BiluoTag>, DocError>> = args.as_array().unwrap().iter().map(read).collect();
    let good: Vec<Option<BiluoTag>> = parsed.iter().map_while(|tag| tag.clone().ok()).collect();
    let entities = tags_to_entities(&good)?;
    parsed.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(entities)
}

fn tags(args: &Value, vocab: &Vocab) -> Vec<Option<BiluoTag>> {
    strings(args).iter().map(|text| BiluoTag::parse(text, vocab.strings()).unwrap()).collect()
}

/// None is kept, as spaCy keeps it.
fn to_iob(args: &Value) -> Value {
    let one = |tag: &Value| tag.as_str().map_or(Value::Null, |text| json!(biluo_to_iob(&[text])[0]));
    args.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn schemes_convert() {
    let vocab = english();
    let name = |entity: &Entity| vocab.strings().get(entity.label).unwrap().to_string();
    for row in values("alignment/tag_schemes.jsonl.gz") {
        let args = &row["args"][0];
        let doc = || Doc::from_words(vocab.clone(), &strings(&row["words"]), &bools(&row["spaces"]));
        match row["fn"].as_str().unwrap() {
            "iob_to_biluo" => out(iob_to_biluo(&strings(args)), &row, |tags| json!(tags)),
            "biluo_to_iob" => assert_eq!(to_iob(args), row["out"], "{row}"),
            "biluo_to_iob_to_biluo" => {
                out(iob_to_biluo(&biluo_to_iob(&strings(args))), &row, |tags| json!(tags));
            }
            "tags_to_entities" => out(entities(args, vocab.strings()), &row, |found| {
                found.iter().map(|entity| json!([name(entity), entity.start, entity.end - 1])).collect()
            }),
            "biluo_tags_to_spans" => out(biluo_tags_to_spans(&doc(), &tags(args, &vocab)), &row, |found| {
                found.iter().map(|entity| json!([entity.start, entity.end, name(entity)])).collect()
            }),
            "biluo_tags_to_offsets" => {
                out(biluo_tags_to_offsets(&doc(), &tags(args, &vocab)), &row, |found| {
                    let name = |label| vocab.strings().get(label).unwrap().to_string();
                    found.iter().map(|span| json!([span.start, span.end, name(span.label)])).collect()
                })
            }
            other => panic!("unknown function {other}"),
        }
    }
}

use ner_doc::{BiluoTag, CharSpan, Doc, OffsetTags, offsets_to_biluo_tags};
use serde_json::{Value, json};

use crate::{code, english, number, str, values};

#[test]
fn offsets_become_tags() {
    let vocab = english();
    for row in values("alignment/offsets_to_biluo.jsonl.gz") {
        let tokens = row["tokens"].as_array().unwrap();
        let words: Vec<&str> = tokens.iter().map(|token| str(&token[1])).collect();
        let spaces: Vec<bool> = tokens.iter().map(|token| token[2].as_bool().unwrap()).collect();
        let doc = Doc::from_words(vocab.clone(), &words, &spaces);
        let span = |span: &Value| CharSpan {
            start: number(&span[0]),
            end: number(&span[1]),
            label: vocab.strings().add(str(&span[2])),
        };
        let spans: Vec<CharSpan> = row["args"][0].as_array().unwrap().iter().map(span).collect();
        // Whatever text spaCy was asked to put for untouched tokens: here they are missing, or O.
        let missing = &row["args"][1];
        let tag = (missing == "O").then_some(BiluoTag::Out);
        match offsets_to_biluo_tags(&doc, &spans, tag) {
            Err(error) => assert_eq!(code(&error), row["code"], "{row}"),
            Ok(found) => {
                assert_eq!(written(&found, &doc, missing), row["out"], "{row}");
                let warns = missing != "-" && !found.misaligned.is_empty();
                assert_eq!(warns, row["warnings"].get(0).is_some_and(|code| code == "W030"), "{row}");
            }
        }
    }
}

fn written(found: &OffsetTags, doc: &Doc, missing: &Value) -> Value {
    let text = |(index, tag): (usize, &Option<BiluoTag>)| match tag {
        Some(tag) => json!(tag.to_text(doc.vocab().strings())),
        None if found.misaligned.contains(&index) => json!("-"),
        None => missing.clone(),
    };
    found.tags.iter().enumerate().map(text).collect()
}

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ner_doc::Doc;
use ner_formats::FormatError;
use ner_formats::docbin::{DocBin, DocBinWriter};
use ner_vocab::{Attribute, Vocab};
use serde_json::{Value, json};

use super::doc_json::doc_json;
use super::golden_dirs;

/// The cases of a folder: name and expectations.
fn cases(dir: &Path) -> Vec<(String, Value)> {
    let index: Value = serde_json::from_slice(&fs::read(dir.join("index.json")).unwrap()).unwrap();
    assert_ne!(index, json!([]), "{} holds no case", dir.display());
    let names = index.as_array().unwrap().iter().map(|case| case["name"].as_str().unwrap().to_owned());
    names
        .map(|name| {
            let case = fs::read(dir.join(&name).with_extension("json")).unwrap();
            (name, serde_json::from_slice(&case).unwrap())
        })
        .collect()
}

fn read(path: &Path) -> Result<Vec<Doc>, FormatError> {
    let vocab = Arc::new(Vocab::new("en").unwrap());
    DocBin::open(path)?.into_docs(vocab).collect()
}

#[test]
fn files_are_read_as_spacy_reads_them() {
    for dir in golden_dirs("docbin") {
        for (name, case) in cases(&dir) {
            let docs = read(&dir.join(&name).with_extension("spacy")).unwrap();
            let expected = case["loaded"].as_array().unwrap();
            assert_eq!(docs.len(), expected.len(), "{name}");
            for (doc, expected) in docs.iter().zip(expected) {
                let mut expected = expected.clone();
                expected["cats"] = floats(&expected["cats"]);
                assert_eq!(loaded_json(doc), expected, "{name}");
            }
        }
    }
}

fn loaded_json(doc: &Doc) -> Value {
    let mut json = doc_json(doc);
    let user_data = msgpack_json(&doc.user_data);
    json["user_data"] = match user_data {
        Value::Null => json!([]),
        entries => entries,
    };
    let attrs = doc.spans.iter().filter(|(_, group)| !group.attrs.is_empty());
    json["span_group_attrs"] =
        Value::Object(attrs.map(|(key, group)| (key.clone(), object(msgpack_json(&group.attrs)))).collect());
    json["lexeme_norms"] = doc.tokens.iter().map(|token| doc.vocab().norm(token.text())).collect();
    json
}

/// The scores of categories; a document holds them as floats, whatever a file says.
fn floats(cats: &Value) -> Value {
    let floats = cats.as_object().unwrap().iter();
    Value::Object(floats.map(|(name, score)| (name.clone(), json!(score.as_f64().unwrap()))).collect())
}

/// Maps become lists of pairs at the outermost level only.
fn msgpack_json(mut bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let map = rmpv::decode::read_value(&mut bytes).unwrap();
    map.as_map().unwrap().iter().map(|(key, value)| json!([to_json(key), to_json(value)])).collect()
}

fn object(pairs: Value) -> Value {
    let pairs = pairs.as_array().unwrap().iter();
    Value::Object(pairs.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].clone())).collect())
}

fn to_json(value: &rmpv::Value) -> Value {
    match value {
        rmpv::Value::Binary(_) => Value::Null,
        other => serde_json::to_value(other).unwrap(),
    }
}

#[test]
fn files_are_written_as_spacy_writes_them() {
    for dir in golden_dirs("docbin") {
        for (name, case) in cases(&dir) {
            let docs = read(&dir.join(&name).with_extension("spacy")).unwrap();
            let raw = &case["raw"];
            let ids = raw["attrs"].as_array().unwrap();
            let attributes: Vec<_> =
                ids.iter().map(|id| Attribute::from_id(id.as_u64().unwrap()).unwrap()).collect();
            let has_user_data = raw["keys"].as_array().unwrap().contains(&json!("user_data"));
            let mut writer = DocBinWriter::with_attributes(&attributes, has_user_data);
            docs.iter().for_each(|doc| writer.add(doc));
            let mut bytes = Vec::new();
            writer.write(&mut bytes, Path::new("memory")).unwrap();
            let mut written = raw_json(&bytes);
            if !attributes.contains(&Attribute::NORM) {
                // The file does not say which norms and entity labels its documents had, so they were lost on reading.
                let strings = |raw: &Value| -> BTreeSet<String> {
                    serde_json::from_value(raw["strings"].clone()).unwrap()
                };
                assert!(strings(&written).is_subset(&strings(raw)), "{name}");
                written["strings"] = raw["strings"].clone();
            }
            let cats = raw["cats"].as_array().unwrap().iter().map(floats).collect::<Value>();
            assert_eq!(written["cats"], cats, "{name}");
            written["cats"] = raw["cats"].clone();
            for (field, value) in raw.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()) {
                assert_eq!(written[field], *value, "{name}: {field}");
            }
        }
    }
}

/// The fields of a file as the golden suite writes them down.
fn raw_json(bytes: &[u8]) -> Value {
    let mut unpacked = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    let map = rmpv::decode::read_value(&mut unpacked.as_slice()).unwrap();
    let fields = map.as_map().unwrap();
    let field = |name: &str| fields.iter().find(|(key, _)| key.as_str() == Some(name)).unwrap().1.clone();
    let numbers = |name: &str| field(name).as_slice().unwrap().to_vec();
    let lengths: Vec<i32> =
        numbers("lengths").as_chunks::<4>().0.iter().map(|length| i32::from_le_bytes(*length)).collect();
    let tokens: Vec<u64> =
        numbers("tokens").as_chunks::<8>().0.iter().map(|id| u64::from_le_bytes(*id)).collect();
    let keys: Vec<_> = fields.iter().map(|(key, _)| key.as_str().unwrap()).collect();
    let n_attributes = field("attrs").as_array().unwrap().len();
    json!({
        "version": to_json(&field("version")),
        "attrs": to_json(&field("attrs")),
        "lengths": lengths,
        "spaces": numbers("spaces"),
        "strings": to_json(&field("strings")),
        "cats": to_json(&field("cats")),
        "flags": to_json(&field("flags")),
        "keys": keys,
        "token_matrix": tokens.chunks(n_attributes).collect::<Vec<_>>(),
    })
}

#[test]
fn what_is_written_reads_back_equal() {
    for dir in golden_dirs("docbin") {
        for (name, _) in cases(&dir) {
            let docs = read(&dir.join(&name).with_extension("spacy")).unwrap();
            let mut writer = DocBinWriter::new();
            docs.iter().for_each(|doc| writer.add(doc));
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("copy.spacy");
            writer.save(&path).unwrap();
            let copies = read(&path).unwrap();
            assert_eq!(
                docs.iter().map(loaded_json).collect::<Vec<_>>(),
                copies.iter().map(loaded_json).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn damaged_files_are_refused_with_spacys_code() {
    for dir in golden_dirs("docbin") {
        for line in fs::read_to_string(dir.join("damaged.jsonl")).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let name = case["name"].as_str().unwrap();
            let docs = read(&dir.join("damaged").join(name).with_extension("spacy"));
            if case["ok"] == json!(true) {
                let docs: Vec<_> = docs.unwrap().iter().map(loaded_json).collect();
                for (doc, expected) in docs.iter().zip(case["docs"].as_array().unwrap()) {
                    for (key, value) in expected.as_object().unwrap() {
                        assert_eq!(doc[key], *value, "{name}: {key}");
                    }
                }
                assert_eq!(docs.len(), case["docs"].as_array().unwrap().len(), "{name}");
                continue;
            }
            match docs {
                Err(error) => {
                    let code = case["code"].as_str();
                    assert!(code.is_none() || error.code() == code, "{name}: {code:?}, but {error}");
                }
                // Impossible entities are noticed where they are asked for.
                Ok(docs) => assert!(docs.iter().any(|doc| doc.entities().is_err()), "{name}"),
            }
        }
    }
}

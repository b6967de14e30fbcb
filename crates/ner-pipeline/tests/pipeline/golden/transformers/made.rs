//! Pipelines of an encoder and a recogniser, made from what a golden file says of them.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::Document;
use ner_pipeline::Pipeline;
use serde_json::{Value, json};

use super::super::suite::{registry, roots};

/// The folders `transformers` of the slice and of the whole suite.
pub(super) fn folders() -> Vec<PathBuf> {
    roots().into_iter().map(|root| root.join("transformers")).filter(|folder| folder.is_dir()).collect()
}

/// How many cases are to be found: some of the slice, and all of the suite.
pub(super) fn n_expected(in_slice: usize, in_suite: usize) -> usize {
    if std::env::var_os("NER_GOLDEN").is_some() { in_slice + in_suite } else { in_slice }
}

/// The pipeline that `meta` describes; encoders lie in `folder`.
pub(super) fn pipeline(folder: &Path, meta: &Value) -> Pipeline {
    let mut config = json!({
        "nlp": { "lang": "en", "pipeline": ["transformer", "ner"] },
        "components": meta["config"],
        "initialize": { "components": meta["initialize"].as_object().cloned().unwrap_or_default() },
    });
    make_absolute(&mut config, folder);
    let registry = registry();
    let config = Document::from_json_str(&config.to_string()).unwrap();
    let mut pipeline = Pipeline::from_config(&config, &registry, &Device::flex()).unwrap();
    let labels = [("ner".to_owned(), label_file(&meta["labels"]))].into_iter().collect();
    pipeline.initialize(&[], &labels, 0).unwrap();
    pipeline
}

/// Labels as they are after they were added one by one: their numbers count down.
fn label_file(labels: &Value) -> Value {
    let names = labels.as_array().unwrap().iter().map(|label| label.as_str().unwrap());
    let numbered: serde_json::Map<String, Value> =
        names.enumerate().map(|(index, name)| (name.to_owned(), json!(-1 - index as i64))).collect();
    let mut units = numbered.clone();
    units.insert(String::new(), json!(1));
    json!({ "0": {}, "1": numbered, "2": numbered, "3": numbered, "4": units, "5": { "": 1 } })
}

/// Makes paths of encoders absolute, which are relative to the folder.
fn make_absolute(value: &mut Value, folder: &Path) {
    match value {
        Value::String(path) if path.starts_with("models/") => {
            *path = folder.join(&*path).to_str().unwrap().to_owned()
        }
        Value::Array(values) => values.iter_mut().for_each(|value| make_absolute(value, folder)),
        Value::Object(values) => values.values_mut().for_each(|value| make_absolute(value, folder)),
        _ => {}
    }
}

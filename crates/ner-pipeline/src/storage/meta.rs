use ner_vocab::Vectors;
use serde_json::{Map, Value, json};

/// What describes a pipeline: the content of `meta.json`, unknown keys included.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    values: Map<String, Value>,
}

/// The versions of spaCy that can open what is written here.
const SPACY_VERSION: &str = ">=3.8.18,<3.9.0";

impl Meta {
    /// The description of a new pipeline.
    pub fn new(lang: &str) -> Meta {
        let Value::Object(values) = json!({
            "lang": lang,
            "name": "pipeline",
            "version": "0.0.0",
            "spacy_version": SPACY_VERSION,
            "description": "",
            "author": "",
            "email": "",
            "url": "",
            "license": "",
            "spacy_git_version": "",
            "vectors": {"width": 0, "vectors": 0, "keys": 0, "name": null, "mode": "default"},
            "labels": {},
            "pipeline": [],
            "components": [],
            "disabled": [],
        }) else {
            unreachable!("the literal is an object")
        };
        Meta { values }
    }

    /// A description as read from `meta.json`. What it lacks is that of a new pipeline.
    pub(crate) fn of_file(mut values: Map<String, Value>, lang: &str) -> Meta {
        for (key, value) in Meta::new(lang).values {
            values.entry(key).or_insert(value);
        }
        Meta { values }
    }

    /// Describes the vectors. Their name stays.
    pub(crate) fn set_vectors(&mut self, vectors: &Vectors) {
        let name = self.get("vectors").and_then(|vectors| vectors.get("name")).cloned();
        let is_floret = vectors.floret_settings().is_some();
        let description = json!({
            "width": vectors.width(),
            "vectors": vectors.n_rows(),
            // spaCy: a floret table says -1 (vectors.pyx).
            "keys": if is_floret { -1 } else { vectors.keys().count() as i64 },
            "name": name,
            "mode": if is_floret { "floret" } else { "default" },
        });
        self.set("vectors", description);
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// Sets the value of a key.
    pub fn set(&mut self, key: &str, value: Value) {
        self.values.insert(key.to_owned(), value);
    }

    /// All keys and values in order.
    pub fn values(&self) -> &Map<String, Value> {
        &self.values
    }
}

//! A BERT of a few numbers, whose weights count up from 0.

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use ner_hub::{EncoderConfig, EncoderFiles, EncoderNames, HubError};
use ner_thinc::{Array, TorchState};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) fn settings() -> Value {
    json!({
        "model_type": "bert", "vocab_size": 5, "hidden_size": 4, "num_attention_heads": 2, "num_hidden_layers": 1,
        "intermediate_size": 3, "max_position_embeddings": 6,
    })
}

pub(crate) fn weights() -> IndexMap<String, Array> {
    let config = EncoderConfig::from_json(&settings()).unwrap();
    let mut next = 0;
    let weights = EncoderNames::hugging_face(&config).weights(&config).into_iter().map(|weight| {
        let n = weight.shape.iter().product::<usize>();
        let data = (next..next + n).map(|number| number as f32).collect();
        next += n;
        (weight.name, Array::new(weight.shape, data).unwrap())
    });
    weights.collect()
}

/// The bytes of a safetensors file; `pack` makes the bytes of a number.
pub(crate) fn safetensors(
    weights: &IndexMap<String, Array>,
    dtype: &str,
    pack: impl Fn(f32) -> Vec<u8>,
) -> Vec<u8> {
    let (mut header, mut numbers) = (serde_json::Map::new(), Vec::new());
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    for (name, array) in weights {
        let from = numbers.len();
        array.data().iter().for_each(|&number| numbers.extend(pack(number)));
        let offsets = [from, numbers.len()];
        let entry = json!({"dtype": dtype, "shape": array.shape(), "data_offsets": offsets});
        header.insert(name.clone(), entry);
    }
    let header = Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat()
}

pub(crate) fn f32_safetensors(weights: &IndexMap<String, Array>) -> Vec<u8> {
    safetensors(weights, "F32", |number| number.to_le_bytes().to_vec())
}

/// A folder that is removed after the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// The whole encoder.
    pub(crate) fn tiny() -> Folder {
        let folder = Folder::empty();
        folder.put("config.json", settings().to_string());
        folder.put("model.safetensors", f32_safetensors(&weights()));
        folder
    }

    pub(crate) fn empty() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    pub(crate) fn weights(&self) -> Result<IndexMap<String, Array>, HubError> {
        EncoderFiles::open(self.path())?.weights()
    }

    #[track_caller]
    pub(crate) fn check_refused(&self, parts: &[&str]) {
        let message = self.weights().unwrap_err().to_string();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
}

pub(crate) fn pytorch(weights: IndexMap<String, Array>) -> Vec<u8> {
    TorchState { tensors: weights }.to_archive()
}

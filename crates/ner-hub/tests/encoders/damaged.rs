//! Formats of weights, and what may be wrong with a folder.

use indexmap::IndexMap;
use ner_hub::{EncoderFiles, read_weights};
use ner_thinc::Array;
use serde_json::json;

use crate::tiny::{Folder, f32_safetensors, pytorch, safetensors, settings, weights};

#[test]
fn half_precision_is_widened() {
    let folder = Folder::tiny();
    // The upper half of a 32-bit number is a bfloat16; the weights need 8 bits of mantissa at most up to 255.
    let small = weights().into_iter().map(|(name, array)| {
        let (shape, data) = array.into_parts();
        (name, Array::new(shape, data.into_iter().map(|number| number % 100.0).collect()).unwrap())
    });
    let small: IndexMap<_, _> = small.collect();
    let upper_half = |number: f32| number.to_le_bytes()[2..].to_vec();
    folder.put("model.safetensors", safetensors(&small, "BF16", upper_half));
    assert_eq!(folder.weights().unwrap(), small);
    folder.put("model.safetensors", safetensors(&small, "F16", |_| vec![0, 0x3c]));
    assert!(folder.weights().unwrap().values().all(|array| array.data().iter().all(|&number| number == 1.0)));
    folder.put("model.safetensors", safetensors(&small, "F8_E4M3", |_| vec![0]));
    folder.check_refused(&[
        "model.safetensors: found weight embeddings.word_embeddings.weight of type F8_E4M3",
        "save it",
    ]);
}

#[test]
fn names_of_other_classes_and_times_are_those_of_the_base_model() {
    let folder = Folder::tiny();
    let mut renamed: IndexMap<_, _> = weights()
        .into_iter()
        .map(|(name, array)| {
            let name = name
                .replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta");
            (format!("bert.{name}"), array)
        })
        .collect();
    renamed.insert("cls.predictions.bias".to_owned(), Array::new(vec![2], vec![0.0; 2]).unwrap());
    folder.put("model.safetensors", f32_safetensors(&renamed));
    assert_eq!(folder.weights().unwrap(), weights());
    folder.remove("model.safetensors");
    let path = folder.put("pytorch_model.bin", pytorch(renamed));
    assert_eq!(folder.weights().unwrap(), weights());
    let files = EncoderFiles::open(folder.path()).unwrap();
    assert_eq!(read_weights(&path, files.config()).unwrap(), weights());
}

#[test]
fn several_files_are_one_checkpoint() {
    let parts: [IndexMap<_, _>; 2] = [0, 1].map(|part| {
        weights()
            .into_iter()
            .enumerate()
            .filter(|(index, _)| index % 2 == part)
            .map(|(_, weight)| weight)
            .collect()
    });
    for (index, suffix, write) in [
        ("model.safetensors.index.json", "safetensors", f32_safetensors as fn(&IndexMap<_, _>) -> Vec<u8>),
        ("pytorch_model.bin.index.json", "bin", |weights| pytorch(weights.clone())),
    ] {
        let folder = Folder::tiny();
        folder.remove("model.safetensors");
        let map: serde_json::Map<_, _> = parts
            .iter()
            .enumerate()
            .flat_map(|(part, weights)| {
                weights.keys().map(move |name| (name.clone(), json!(format!("part-{part}.{suffix}"))))
            })
            .collect();
        folder.put(index, json!({"weight_map": map}).to_string());
        folder.put(&format!("part-0.{suffix}"), write(&parts[0]));
        let missing = format!("{index}: found no file \"part-1.{suffix}\" beside it");
        folder.check_refused(&[&missing, "get the missing file as well"]);
        folder.put(&format!("part-1.{suffix}"), write(&parts[1]));
        assert_eq!(folder.weights().unwrap(), weights());
        folder.put(index, json!({"weight_map": {"a": "../a"}}).to_string());
        folder.check_refused(&["found the file \"../a\", expected an index of files beside it"]);
        folder.put(index, "{}");
        folder.check_refused(&["no weight_map"]);
    }
}

#[test]
fn an_incomplete_folder_says_what_it_lacks() {
    let folder = Folder::empty();
    folder.check_refused(&["found no config.json, expected the files of an encoder"]);
    folder.put("config.json", settings().to_string());
    folder.check_refused(&["found no weights, expected model.safetensors or pytorch_model.bin"]);
    folder.put("tf_model.h5", "");
    folder.check_refused(&["found tf_model.h5, expected model.safetensors", "TensorFlow"]);
    folder.put("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    folder.check_refused(&["git lfs pull"]);
    folder.put("config.json", "{");
    folder.check_refused(&["config.json: found EOF while parsing", "get it again"]);
    folder.put("config.json", json!({"model_type": "mpnet"}).to_string());
    folder.check_refused(&["config.json: model_type: found \"mpnet\", expected bert, roberta"]);
}

#[test]
fn weights_that_do_not_fit_are_told_at_once() {
    let folder = Folder::tiny();
    let mut changed = weights();
    changed.shift_remove("embeddings.LayerNorm.bias");
    changed
        .insert("encoder.layer.0.output.dense.bias".to_owned(), Array::new(vec![5], vec![0.0; 5]).unwrap());
    folder.put("model.safetensors", f32_safetensors(&changed));
    folder.check_refused(&[
        "model.safetensors: the weights do not fit the settings in 2 places: embeddings.LayerNorm.bias is missing, expected shape \
         [4]; encoder.layer.0.output.dense.bias has shape [5], expected [4]: config.json and the weights",
    ]);
    folder.put("model.safetensors", f32_safetensors(&IndexMap::new()));
    folder
        .check_refused(&["in 21 places: embeddings.word_embeddings.weight is missing", "; ...: config.json"]);
    // Many checkpoints have no pooler.
    let mut headless = weights();
    headless.retain(|name, _| !name.starts_with("pooler"));
    folder.put("model.safetensors", f32_safetensors(&headless));
    assert_eq!(folder.weights().unwrap(), headless);
    let mut infinite = weights();
    infinite.insert("pooler.dense.bias".to_owned(), Array::new(vec![4], vec![f32::NAN; 4]).unwrap());
    folder.put("model.safetensors", f32_safetensors(&infinite));
    folder.check_refused(&["model.safetensors: parameter pooler.dense.bias holds NaN"]);
}

#[test]
fn damaged_safetensors_are_refused() {
    let folder = Folder::tiny();
    let whole = f32_safetensors(&weights());
    for end in (0..whole.len()).step_by(11) {
        folder.put("model.safetensors", &whole[..end]);
        folder.check_refused(&["model.safetensors"]);
    }
    for place in 0..whole.len().min(300) {
        let mut changed = whole.clone();
        changed[place] ^= 0x15;
        folder.put("model.safetensors", changed);
        // Whatever is read, nothing panics.
        let _ = folder.weights();
    }
    let header = |header: &str| [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    folder
        .put("model.safetensors", header(r#"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#));
    folder.check_refused(&["tensor a at bytes 0 to 4 of 0, expected all numbers within the file"]);
    folder.put("model.safetensors", u64::MAX.to_le_bytes());
    folder.check_refused(&["found 8 bytes, expected a header and numbers"]);
}

#[test]
fn old_and_foreign_pickles_are_refused() {
    let folder = Folder::tiny();
    folder.remove("model.safetensors");
    folder.put("pytorch_model.bin", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.");
    folder.check_refused(&[
        "pytorch_model.bin: found a pickle without an archive",
        "before version 1.6",
        "torch.save",
    ]);
    folder.put("pytorch_model.bin", "<html>");
    folder.check_refused(&["pytorch_model.bin: found something else, expected an archive"]);
    folder.put("pytorch_model.bin", "PK");
    folder.check_refused(&["pytorch_model.bin: the state of a PyTorch network: expected a ZIP archive"]);
}

#[test]
fn a_tokenizer_of_another_vocabulary_is_refused() {
    let folder = Folder::tiny();
    folder.put("vocab.txt", "[PAD]");
    let files = EncoderFiles::open(folder.path()).unwrap();
    assert_eq!(files.tokenizer_files().unwrap()["vocab.txt"], b"[PAD]");
    files.check_tokenizer(4).unwrap();
    let message = files.check_tokenizer(5).unwrap_err().to_string();
    assert!(
        message.contains("found a tokenizer with ids up to 5 and a table of 5 pieces, expected ids below 5"),
        "{message}"
    );
}

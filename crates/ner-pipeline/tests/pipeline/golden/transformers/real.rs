//! `real/`: encoders that packages ship, where `NER_ENCODERS` names a folder that holds them.

use std::path::{Path, PathBuf};

use ner_layers::{Mode, to_vec};
use ner_pipeline::Pipeline;
use serde_json::{Value, json as value};

use super::super::suite::json;
use super::made::{folders, pipeline};
use super::tensors::{Tensors, check_relative};
use super::vectors::{doc, rows};

/// The golden files with the width and the layers of their encoders.
const ENCODERS: [(&str, u64, u64); 2] = [("minilm", 384, 6), ("splade-tiny", 128, 2)];

/// Folders with a `config.json` below those that the variable names.
fn encoders() -> Vec<PathBuf> {
    let folders = std::env::var_os("NER_ENCODERS").unwrap_or_default();
    let folders = std::env::split_paths(&folders).filter(|folder| folder.is_dir());
    let below =
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    below.filter(|folder| folder.join("config.json").is_file()).collect()
}

fn check(golden: &Path, name: &str, pipeline: &Pipeline, library: &str) {
    let tensors = Tensors::open(&golden.join(format!("real/{name}.safetensors")));
    let network = pipeline.components()["transformer"].token_vectors().unwrap();
    for row in rows(&golden.join(format!("real/{name}.jsonl.gz"))) {
        let doc = doc(pipeline.vocab(), &row);
        let Some(expected) = tensors.get(&format!("{library}/{}", row["id"])) else { continue };
        let place = format!("{library} {name} {}", row["id"]);
        let vectors = to_vec(network.forward(&[&doc], &mut Mode::Predict));
        let vectors: Vec<&[f32]> = vectors.chunks(network.width()).collect();
        let chosen =
            row["vectors_of"].as_array().unwrap().iter().map(|token| token.as_u64().unwrap() as usize);
        let found: Vec<f32> = chosen.flat_map(|token| vectors[token].to_vec()).collect();
        check_relative(&found, expected, 1e-5, &place);
        if library == "hf" {
            let norms =
                vectors.iter().map(|vector| vector.iter().map(|value| value * value).sum::<f32>().sqrt());
            let expected = row["norms"].as_array().unwrap().iter().map(|norm| norm.as_f64().unwrap() as f32);
            // Written with four digits.
            check_relative(&norms.collect::<Vec<_>>(), &expected.collect::<Vec<_>>(), 7e-5, &place);
        }
    }
}

#[test]
fn vectors_of_real_encoders_are_spacys() {
    let encoders = encoders();
    for golden in folders().iter().filter(|golden| golden.join("real").is_dir()) {
        for (name, width, n_layers) in ENCODERS {
            let settings = |folder: &Path| json(&folder.join("config.json"));
            let is_it = |folder: &&PathBuf| {
                let settings = settings(folder);
                settings["hidden_size"] == width && settings["num_hidden_layers"] == n_layers
            };
            let Some(folder) = encoders.iter().find(is_it) else { continue };
            let settings = settings(folder);
            let mut meta = json(&golden.join("hf/bert-uncased.meta.json"));
            meta["config"]["transformer"]["model"]["name"] = value!(folder);
            check(golden, name, &pipeline(golden, &meta), "hf");
            let mut meta = json(&golden.join("curated/bert-uncased.meta.json"));
            let model = meta["config"]["transformer"]["model"].as_object_mut().unwrap();
            for (key, of) in [
                ("vocab_size", "vocab_size"),
                ("hidden_width", "hidden_size"),
                ("intermediate_width", "intermediate_size"),
                ("num_attention_heads", "num_attention_heads"),
                ("num_hidden_layers", "num_hidden_layers"),
            ] {
                model[key] = settings[of].clone();
            }
            meta["config"]["ner"]["model"]["tok2vec"]["width"] = Value::from(width);
            for loader in ["encoder_loader", "piecer_loader"] {
                meta["initialize"]["transformer"][loader]["name"] = value!(folder);
            }
            check(golden, name, &pipeline(golden, &meta), "curated");
        }
    }
}

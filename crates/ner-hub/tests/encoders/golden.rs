//! Encoders that Hugging Face's library wrote, where `NER_GOLDEN` names them, and real ones where `NER_ENCODERS` does.

use std::path::{Path, PathBuf};

use ner_hub::{
    EncoderConfig, EncoderFiles, EncoderNames, Family, from_curated, settings_of_shim, to_curated,
};
use ner_thinc::{ModelFile, TorchShim};
use serde_json::json;

#[test]
fn encoders_of_all_families_are_read() {
    let Some(golden) = std::env::var_os("NER_GOLDEN").map(PathBuf::from) else { return };
    let families = [
        ("albert", Family::Albert),
        ("bert-cased", Family::Bert),
        ("bert-short", Family::Bert),
        ("bert-uncased", Family::Bert),
        ("camembert", Family::Roberta),
        ("distilbert", Family::DistilBert),
        ("electra", Family::Electra),
        ("roberta", Family::Roberta),
        ("xlmr", Family::Roberta),
    ];
    for (name, family) in families {
        let files = check(&golden.join("transformers/models").join(name));
        assert_eq!(files.config().family, family);
        let weights = files.weights().unwrap();
        let names = EncoderNames::hugging_face(files.config());
        assert_eq!(weights.len(), names.weights(files.config()).len(), "{name}");
        let Some(curated) = EncoderNames::curated(files.config()) else { continue };
        let stacked = to_curated(weights.clone(), &names, &curated).unwrap();
        let mut without_pooler = weights;
        without_pooler.retain(|name, _| !name.starts_with("pooler"));
        assert_eq!(from_curated(stacked, &curated, &names).unwrap(), without_pooler, "{name}");
    }
}

#[test]
fn states_of_pipelines_have_these_names_in_this_order() {
    let Some(golden) = std::env::var_os("NER_GOLDEN").map(PathBuf::from) else { return };
    for (place, curated) in [
        ("hf-bert/transformer", None),
        ("hf-own/ner", None),
        ("curated-bert/transformer", Some(("bert", 700))),
        ("curated-roberta/transformer", Some(("roberta", 800))),
    ] {
        let path = golden.join("transformers/pipelines").join(place).join("model");
        let file = ModelFile::from_bytes(&std::fs::read(path).unwrap().into()).unwrap();
        let shim = file.nodes.iter().find_map(|node| node.shims.first()).unwrap();
        let shim = TorchShim::from_bytes(shim).unwrap();
        let state = shim.state.unwrap();
        let (config, names) = match curated {
            None => {
                let config = EncoderConfig::from_json(&settings_of_shim(&shim.settings).unwrap()).unwrap();
                let names = EncoderNames::hugging_face(&config);
                (config, names)
            }
            Some((family, vocab_size)) => {
                let config = EncoderConfig::from_json(&json!({
                    "model_type": family, "vocab_size": vocab_size, "hidden_size": 32, "num_hidden_layers": 2,
                    "num_attention_heads": 4, "intermediate_size": 64,
                    "max_position_embeddings": if family == "bert" { 512 } else { 514 },
                    "type_vocab_size": if family == "bert" { 2 } else { 1 },
                }));
                let config = config.unwrap();
                let names = EncoderNames::curated(&config).unwrap();
                (config, names)
            }
        };
        let expected: Vec<_> =
            names.weights(&config).into_iter().map(|weight| (weight.name, weight.shape)).collect();
        let found: Vec<_> =
            state.tensors.into_iter().map(|(name, array)| (name, array.shape().to_vec())).collect();
        assert_eq!(found, expected, "{place}");
    }
}

#[test]
fn real_encoders_are_read() {
    let Some(encoders) = std::env::var_os("NER_ENCODERS").map(PathBuf::from) else { return };
    let folders = std::fs::read_dir(encoders).unwrap().map(|entry| entry.unwrap().path());
    let mut n_read = 0;
    for folder in folders.filter(|path| path.join("config.json").is_file()) {
        assert!(!check(&folder).weights().unwrap().is_empty());
        n_read += 1;
    }
    assert!(n_read > 0);
}

fn check(folder: &Path) -> EncoderFiles {
    let files = EncoderFiles::open(folder).unwrap();
    assert!(files.tokenizer_files().unwrap().contains_key("tokenizer.json"));
    files.check_tokenizer(files.config().vocab_size - 1).unwrap();
    files
}

//! Encoders that Hugging Face's library wrote, where `NER_GOLDEN` names them, and real ones where `NER_ENCODERS` does.

use std::path::{Path, PathBuf};

use ner_hub::{EncoderFiles, EncoderNames, Family, from_curated, to_curated};

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

//! What `spacy init config` and `spacy init fill-config` write.

use ner_config::{
    ConfigError, Document, InitOptions, Kind, Optimize, TrainingConfig, init_config, recommended_vectors,
};
use serde_json::Value as Json;
use std::path::Path;

use crate::functions::registry;
use crate::{golden_dirs, rows};

/// spaCy drops unknown keys of a standard section, and takes values of a wrong type until training begins, where we fail.
const STRICTER: [(&str, &str); 5] = [
    ("unknown_training_key", "unknown key"),
    ("unknown_nlp_key", "unknown key"),
    ("training_wrong_type", "expected an integer"),
    ("patience_float", "expected an integer"),
    ("train_corpus_bad", "expected a string"),
];

/// Which languages exist, this crate does not know.
const UNKNOWN_HERE: [&str; 1] = ["bad_lang"];

#[test]
fn gaps_are_filled_as_spacy_fills_them() {
    for row in rows("config/fill.jsonl") {
        let name = row["name"].as_str().unwrap();
        let filled = Document::from_cfg_str(row["base"].as_str().unwrap()).unwrap().fill(&registry());
        if let Some((_, message)) = STRICTER.iter().find(|(stricter, _)| *stricter == name) {
            let error = filled.unwrap_err().to_string();
            assert!(error.contains(message), "{name}: {error}");
        } else if row["unchanged"] == true {
            assert_eq!(
                filled.unwrap().to_cfg_string().unwrap(),
                row["base"].as_str().unwrap().trim(),
                "{name}"
            );
        } else if row["fill_config"]["exit"] == 0 {
            check_filled(name, &row, &filled.unwrap());
        } else if !UNKNOWN_HERE.contains(&name) {
            filled.and_then(|filled| build(&filled)).unwrap_err();
        }
    }
}

#[track_caller]
fn check_filled(name: &str, row: &Json, filled: &Document) {
    assert_eq!(filled.to_cfg_string().unwrap(), row["filled_text"].as_str().unwrap(), "{name}");
    let toml = Document::from_toml_str(&filled.to_toml_string().unwrap()).unwrap();
    assert_eq!(toml.to_cfg_string().unwrap(), filled.to_cfg_string().unwrap(), "{name}");
    build(filled).unwrap();
    let training = filled.resolve().unwrap().section::<TrainingConfig>("training");
    assert_eq!(training.is_ok(), row["resolve_training"]["ok"] == true, "{name}: {training:?}");
}

/// Builds all components, whose functions check what the types of their arguments cannot say.
fn build(filled: &Document) -> Result<(), ConfigError> {
    let resolved = filled.resolve()?;
    let names = resolved.get("components").unwrap().as_table().unwrap().keys();
    names.into_iter().try_for_each(|name| {
        registry().build(Kind::Factories, &resolved.block(&format!("components.{name}"))?)
    })
}

#[test]
fn new_configurations_are_those_of_spacy() {
    for row in rows("config/init_config.jsonl").iter().filter(|row| row["file"].is_string()) {
        let args = &row["args"];
        let lang = args["lang"].as_str().unwrap();
        let vectors = recommended_vectors(lang);
        if args["optimize"] == "accuracy" && vectors.is_none() {
            // spaCy says there that the tables of no pipeline are to be read, which no training can do.
            continue;
        }
        let options = InitOptions {
            lang: lang.to_owned(),
            vectors: vectors.map(str::to_owned),
            pipeline: args["pipeline"].as_str().unwrap().split(',').map(str::to_owned).collect(),
            optimize: match args["optimize"] == "accuracy" {
                true => Optimize::Accuracy,
                false => Optimize::Efficiency,
            },
            gpu: false,
            encoder: None,
            pretraining: false,
        };
        let new = init_config(&options, &registry()).unwrap().to_cfg_string().unwrap();
        assert_eq!(new, new_config(row["file"].as_str().unwrap()).trim(), "{args}");
    }
}

/// The text of a file that `spacy init config` wrote.
fn new_config(file: &str) -> String {
    let paths = golden_dirs().into_iter().map(|dir| dir.join("config/init_config").join(file));
    std::fs::read_to_string(paths.into_iter().find(|path| path.exists()).unwrap()).unwrap()
}

#[test]
fn the_defaults_are_those_of_spacy() {
    for dir in golden_dirs() {
        let text = std::fs::read_to_string(dir.join("config/default_config.cfg")).unwrap();
        assert_eq!(Document::from_cfg_str(&text).unwrap(), Document::defaults());
        assert_eq!(Document::defaults().to_cfg_string().unwrap(), text.trim());
    }
}

#[test]
fn our_configurations_say_everything() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 6);
    // What a study may try is no config.
    for file in files.iter().filter(|file| file.is_file()) {
        let document = Document::read(file).unwrap();
        assert_eq!(document.fill(&registry()).unwrap(), document, "{}", file.display());
    }
}

#[test]
fn our_main_configuration_is_a_new_one_with_paths() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    let options = InitOptions {
        lang: "en".to_owned(),
        pipeline: vec!["ner".to_owned()],
        optimize: Optimize::Efficiency,
        vectors: None,
        gpu: false,
        encoder: None,
        pretraining: false,
    };
    let accurate = InitOptions { optimize: Optimize::Accuracy, ..options.clone() };
    for (file, options) in [("ner.toml", options), ("ner-accurate.toml", accurate)] {
        let mut new = init_config(&options, &registry()).unwrap();
        new.set("paths.train", "corpus/train.jsonl");
        new.set("paths.dev", "corpus/dev.jsonl");
        assert_eq!(Document::read(&folder.join(file)).unwrap(), new);
    }
}

#[test]
fn without_vectors_accuracy_is_a_matter_of_training_and_of_larger_tables() {
    let options = |lang: &str, pipeline: &[&str], optimize| InitOptions {
        lang: lang.to_owned(),
        pipeline: pipeline.iter().map(|name| (*name).to_owned()).collect(),
        optimize,
        vectors: None,
        gpu: false,
        encoder: None,
        pretraining: false,
    };
    for (lang, pipeline) in [("es", &["ner"][..]), ("ta", &["sentencizer", "ner"])] {
        let new = |optimize| init_config(&options(lang, pipeline, optimize), &registry()).unwrap();
        let (accurate, mut efficient) = (new(Optimize::Accuracy), new(Optimize::Efficiency));
        let rows = "components.tok2vec.model.embed.rows";
        efficient.set(rows, accurate.get(rows).cloned().unwrap());
        for section in ["nlp", "components", "initialize", "paths", "corpora.dev"] {
            assert_eq!(accurate.get(section), efficient.get(section), "{section}");
        }
        assert_eq!(accurate.get("training.tune_out_bias"), Some(&true.into()));
        assert_eq!(accurate.fill(&registry()).unwrap(), accurate);
    }
    // Nothing that the recipe could help.
    let without = init_config(&options("en", &["sentencizer"], Optimize::Accuracy), &registry()).unwrap();
    assert_eq!(without.get("training.tune_out_bias"), None);
}

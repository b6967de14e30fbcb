//! What `spacy init config` and `spacy init fill-config` write: the area `config/` of the golden data.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

mod functions;

use functions::registry;
use ner_config::{ConfigError, Document, InitOptions, Kind, Optimize, TrainingConfig, init_config};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The slice that is stored here, and the whole if `NER_GOLDEN` names its folder.
fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/config");
    let whole = std::env::var_os("NER_GOLDEN").map(|folder| PathBuf::from(folder).join("config"));
    [Some(slice), whole].into_iter().flatten().collect()
}

fn rows(path: &Path) -> Vec<Json> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// spaCy drops unknown keys of a standard section, where we fail.
const STRICTER: [&str; 2] = ["unknown_training_key", "unknown_nlp_key"];

/// Which languages exist, this crate does not know.
const UNKNOWN_HERE: [&str; 1] = ["bad_lang"];

#[test]
fn gaps_are_filled_as_spacy_fills_them() {
    for row in golden_dirs().iter().flat_map(|dir| rows(&dir.join("fill.jsonl"))) {
        let name = row["name"].as_str().unwrap();
        let filled = Document::from_cfg_str(row["base"].as_str().unwrap()).unwrap().fill(&registry());
        if STRICTER.contains(&name) {
            assert!(filled.unwrap_err().to_string().contains("unknown key"));
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
    for dir in golden_dirs() {
        for row in rows(&dir.join("init_config.jsonl")).iter().filter(|row| row["file"].is_string()) {
            let args = &row["args"];
            let options = InitOptions {
                lang: args["lang"].as_str().unwrap().to_owned(),
                pipeline: args["pipeline"].as_str().unwrap().split(',').map(str::to_owned).collect(),
                optimize: if args["optimize"] == "accuracy" {
                    Optimize::Accuracy
                } else {
                    Optimize::Efficiency
                },
                gpu: false,
                pretraining: false,
            };
            let expected =
                std::fs::read_to_string(dir.join("init_config").join(row["file"].as_str().unwrap())).unwrap();
            assert_eq!(
                init_config(&options, &registry()).unwrap().to_cfg_string().unwrap(),
                expected.trim(),
                "{args}"
            );
        }
    }
}

#[test]
fn the_defaults_are_those_of_spacy() {
    for dir in golden_dirs() {
        let text = std::fs::read_to_string(dir.join("default_config.cfg")).unwrap();
        assert_eq!(Document::from_cfg_str(&text).unwrap(), Document::defaults());
        assert_eq!(Document::defaults().to_cfg_string().unwrap(), text.trim());
    }
}

#[test]
fn our_configurations_say_everything() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    for name in ["ner.toml", "ner-cnn.toml"] {
        let document = Document::read(&folder.join(name)).unwrap();
        assert_eq!(document.fill(&registry()).unwrap(), document, "{name}");
    }
}

#[test]
fn our_main_configuration_is_a_new_one_with_paths() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    let options = InitOptions {
        lang: "en".to_owned(),
        pipeline: vec!["ner".to_owned()],
        optimize: Optimize::Efficiency,
        gpu: false,
        pretraining: false,
    };
    let mut new = init_config(&options, &registry()).unwrap();
    new.set("paths.train", "corpus/train.jsonl");
    new.set("paths.dev", "corpus/dev.jsonl");
    assert_eq!(Document::read(&folder.join("ner.toml")).unwrap(), new);
}

//! New configs with a pretrained encoder: `spacy init config --gpu`, with spacy-transformers 1.4.0 installed.

use ner_config::{
    Document, Encoder, InitOptions, Optimize, TrainingConfig, init_config, recommended_vectors,
};
use serde_json::Value as Json;
use std::path::Path;

use crate::functions::registry;

fn gpu(lang: &str, optimize: Optimize, pipeline: &[&str]) -> InitOptions {
    InitOptions {
        lang: lang.to_owned(),
        pipeline: pipeline.iter().map(|name| (*name).to_owned()).collect(),
        optimize,
        vectors: recommended_vectors(lang).map(str::to_owned),
        gpu: true,
        encoder: None,
        pretraining: false,
    }
}

fn golden(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/config");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[track_caller]
fn check(options: &InitOptions, file: &str) {
    let new = init_config(options, &registry()).unwrap();
    assert_eq!(new.to_cfg_string().unwrap(), golden(&format!("init_config/{file}")).trim());
    let toml = Document::from_toml_str(&new.to_toml_string().unwrap()).unwrap();
    assert_eq!(toml, new);
}

#[test]
fn those_of_a_gpu_are_spacys() {
    use Optimize::{Accuracy, Efficiency};
    check(&gpu("en", Efficiency, &["ner"]), "en_efficiency_ner_gpu.cfg");
    check(&gpu("de", Accuracy, &["ner"]), "de_accuracy_ner_gpu.cfg");
    check(
        &gpu("en", Efficiency, &["transformer", "ner", "sentencizer"]),
        "en_efficiency_ner_sentencizer_gpu.cfg",
    );
    // No encoder is recommended for Italian.
    check(&gpu("it", Accuracy, &["ner"]), "it_accuracy_ner_gpu.cfg");
}

#[test]
fn each_language_has_the_encoder_of_spacys_template() {
    let english = golden("init_config/en_efficiency_ner_gpu.cfg");
    let rows = golden("init_config_gpu.jsonl");
    for row in rows.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()) {
        let lang = row["lang"].as_str().unwrap();
        let optimize = if row["optimize"] == "accuracy" { Optimize::Accuracy } else { Optimize::Efficiency };
        let Ok(new) = init_config(&gpu(lang, optimize, &["ner"]), &registry()) else {
            // The tokenizer of Chinese is not among the functions of these tests.
            assert_eq!(lang, "zh");
            continue;
        };
        let text = |path: &str| new.get(path).and_then(|value| value.as_str());
        assert_eq!(text("components.transformer.model.name"), row["name"].as_str(), "{row}");
        assert_eq!(text("paths.vectors"), row["vectors"].as_str(), "{row}");
        if let Some(name) = row["name"].as_str() {
            let expected = english.replace("\"en\"", &format!("{lang:?}")).replace("roberta-base", name);
            assert_eq!(new.to_cfg_string().unwrap(), expected.trim(), "{row}");
        }
    }
}

fn with_encoder(width: Option<usize>) -> Document {
    let encoder = Encoder { name: "encoders/minilm".to_owned(), width };
    let options = gpu("en", Optimize::Efficiency, &["ner"]);
    init_config(&InitOptions { gpu: false, encoder: Some(encoder), ..options }, &registry()).unwrap()
}

#[test]
fn an_encoder_of_ones_own_is_fine_tuned_on_a_cpu() {
    let rate = |width| with_encoder(width).get("training.optimizer.learn_rate.initial_rate").cloned();
    assert_eq!(
        [rate(Some(384)), rate(Some(768)), rate(None)],
        [Some(2e-4.into()), Some(5e-5.into()), Some(5e-5.into())]
    );
    let new = with_encoder(None);
    assert_eq!(new.get("components.transformer.model.name"), Some(&"encoders/minilm".into()));
    let training: TrainingConfig = new.resolve().unwrap().section("training").unwrap();
    assert_eq!((training.accumulate_gradient, training.gpu_allocator), (1, None));
    let block = new.resolve().unwrap().get("training.optimizer.learn_rate.total_steps").cloned();
    assert_eq!(block, Some((training.max_steps as i64).into()));
}

#[test]
fn our_configuration_with_an_encoder_is_a_new_one_with_paths() {
    let name = "sentence-transformers/all-MiniLM-L6-v2".to_owned();
    let options = gpu("en", Optimize::Efficiency, &["ner"]);
    let options = InitOptions { gpu: false, encoder: Some(Encoder { name, width: Some(384) }), ..options };
    let mut new = init_config(&options, &registry()).unwrap();
    new.set("paths.train", "corpus/train.jsonl");
    new.set("paths.dev", "corpus/dev.jsonl");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/ner-transformer.toml");
    assert_eq!(Document::read(&file).unwrap(), new);
}

#[test]
fn an_encoder_of_ones_own_on_a_gpu_changes_the_name_alone() {
    let encoder = Encoder { name: "roberta-base".to_owned(), width: Some(384) };
    let options = gpu("en", Optimize::Efficiency, &["ner"]);
    check(&InitOptions { encoder: Some(encoder), ..options }, "en_efficiency_ner_gpu.cfg");
}

use ner::{Config, Pipeline};

use crate::{config, device, json, registry, start, train, unpacked};

const TEXT: &str = "Maria Lopez takes 20 mg of enalapril in Ashford with Dr. di Marco, Washington General.";

/// A config whose components come from a trained pipeline, and a rate of learning that leaves them as they are.
fn sourced(blocks: &[(&str, &str)]) -> Config {
    let mut config = config("hf");
    config.set("nlp.pipeline", blocks.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
    config.set("components", json("{}"));
    for (name, block) in blocks {
        config.set(&format!("components.{name}"), json(block));
    }
    config.set("training.optimizer.learn_rate", 0.0);
    config.set("training.max_steps", 1_i64);
    config
}

#[test]
fn sourced_components_find_what_they_found_before() {
    let folder = unpacked();
    let path = folder.path().join("hf-bert.tar.gz");
    let before = Pipeline::load(&path, &registry(), &device()).unwrap();
    let source = serde_json::json!({ "source": path }).to_string();
    let replaced = serde_json::json!({ "source": path, "replace_listeners": ["model.tok2vec"] }).to_string();
    for blocks in [&[("transformer", &*source), ("ner", &source)][..], &[("ner", &replaced)]] {
        let after = train(&sourced(blocks));
        for text in [TEXT, "Seen by Gulnara.", " "] {
            let found =
                [&before, &after].map(|pipeline| pipeline.annotate(text).unwrap().entities().unwrap());
            assert_eq!(found[0], found[1], "{text}");
        }
        let config = after.config().to_cfg_string().unwrap();
        assert_eq!(
            config.contains("spacy-transformers.Tok2VecTransformer.v3"),
            blocks.len() == 1,
            "{config}"
        );
    }
}

/// The model file of a component.
fn model(pipeline: &Pipeline, name: &str) -> Vec<u8> {
    pipeline.to_files().unwrap()[&format!("{name}/model")].clone()
}

#[test]
fn a_frozen_encoder_stays_and_the_recogniser_learns_from_it() {
    let mut config = config("hf");
    config.set("training.frozen_components", vec!["transformer".to_owned()]);
    config.set("training.annotating_components", vec!["transformer".to_owned()]);
    let first = start(&config);
    let last = train(&config);
    assert!(model(&last, "transformer") == model(first.pipeline(), "transformer"));
    assert!(model(&last, "ner") != model(first.pipeline(), "ner"));
}

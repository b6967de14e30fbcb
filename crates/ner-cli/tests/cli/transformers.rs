//! Pretrained encoders through every command.

use std::fs;

use ner_config::Document;
use serde_json::Value;

use crate::tiny_encoder::{self, CONFIG, workshop};
use crate::workshop::{Run, Workshop, files};

fn entities(workshop: &Workshop, model: &str) -> String {
    workshop.run(&format!("apply {model} train.jsonl -")).succeeded().stdout
}

#[test]
fn a_pipeline_with_an_encoder_is_trained_and_used() {
    let workshop = workshop();
    for config in ["config.cfg", "curated.cfg"] {
        let run = workshop.run(&format!("train {config} -o {config}.out")).succeeded();
        assert!(run.stdout.contains("LOSS TRANS..."), "{}", run.stdout);
        assert_eq!(run.stderr.matches("Memory: about").count(), 1, "{}", run.stderr);
        let model = format!("{config}.out/model-best");
        workshop.run(&format!("evaluate {model} train.jsonl")).succeeded();
        assert_eq!(entities(&workshop, &model), entities(&workshop, &model));
        // What was saved needs the encoder's folder no more.
        fs::rename(workshop.path("encoders"), workshop.path("away")).unwrap();
        let expected = entities(&workshop, &model);
        assert!(workshop.run(&format!("info {model}")).succeeded().stdout.contains("transformer"));
        let copy = format!(
            "[nlp]\nlang = en\npipeline = [\"transformer\", \"ner\"]\n\n[components]\n\n\
             [components.transformer]\nsource = \"{model}\"\n\n[components.ner]\nsource = \"{model}\"\n"
        );
        workshop.write("copy.cfg", copy);
        workshop.run(&format!("assemble copy.cfg {config}.copy")).succeeded();
        assert_eq!(entities(&workshop, &format!("{config}.copy")), expected);
        let encoders = [&model, &format!("{config}.copy")]
            .map(|folder| fs::read(workshop.path(&format!("{folder}/transformer/model"))).unwrap());
        assert!(encoders[0] == encoders[1]);
        workshop.run(&format!("package {model} {config}.packages --build wheel")).succeeded();
        fs::rename(workshop.path("away"), workshop.path("encoders")).unwrap();
    }
}

#[test]
fn the_same_command_leaves_the_same_bytes() {
    let workshop = workshop();
    for config in ["config.cfg", "curated.cfg"] {
        let train = |output: &str, options: &str| {
            workshop.run(&format!("train {config} -o {output} {options}")).succeeded();
            files(&workshop.path(&format!("{output}/model-last")))
        };
        let whole = train("one", "--threads 1");
        assert!(whole == train("two", "--threads 2"));
        // Stopped half-way and resumed.
        train("parts", "--training.max_steps 2");
        assert!(whole == train("parts", "--resume"), "{config}");
        for output in ["one", "two", "parts"] {
            fs::remove_dir_all(workshop.path(output)).unwrap();
        }
    }
}

#[test]
fn a_new_config_names_the_encoder_and_trains() {
    let workshop = workshop();
    for options in ["", "-G"] {
        let init = format!("init config new.cfg --force --encoder tiny --encoders encoders {options}");
        let run = workshop.run(&init).succeeded();
        assert!(run.stderr.contains("--encoders encoders"), "{}", run.stderr);
        let small = "--components.transformer.model.get_spans.window=8 --components.transformer.model.get_spans.stride=6";
        let paths = "--paths.train train.jsonl --paths.dev train.jsonl --training.max_steps=2 --training.eval_frequency=1";
        let train = format!("train new.cfg {paths} {small}");
        let run = workshop.run(&format!("{train} --encoders encoders")).succeeded();
        assert!(run.stdout.contains("LOSS TRANS..."), "{}", run.stdout);
        let mut command = workshop.command(&train);
        let run: Run = command.env("NER_ENCODERS", "encoders").output().unwrap().into();
        run.succeeded();
    }
    // Its width decides the learning rate; one that is not there yet may be named.
    let config = Document::read(&workshop.path("new.cfg")).unwrap();
    assert_eq!(config.get("components.transformer.model.name"), Some(&"tiny".into()));
    let run = workshop.run("init config later.cfg --encoder organisation/later").succeeded();
    for part in ["organisation/later", "download-encoder"] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

#[test]
fn an_encoder_is_found_in_the_cache_of_hugging_face() {
    let workshop = workshop();
    let commit = "0123456789012345678901234567890123456789";
    let cache = "home/hub/models--org--tiny";
    tiny_encoder::write(&workshop, &format!("{cache}/snapshots/{commit}"));
    workshop.write(&format!("{cache}/refs/main"), commit);
    workshop.write("named.cfg", CONFIG.replace("encoders/tiny", "org/tiny"));
    for (variable, value) in [("HF_HUB_CACHE", "home/hub"), ("HF_HOME", "home")] {
        let mut command = workshop.command("train named.cfg");
        let run: Run = command.env(variable, value).output().unwrap().into();
        run.succeeded();
    }
    let run = workshop.run("train named.cfg");
    assert_eq!(run.code, Some(1));
    for part in ["no encoder \"org/tiny\" was found", "models--org--tiny", "ner download-encoder org/tiny"] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
}

#[test]
fn defaults_of_encoders_are_filled_in() {
    let workshop = workshop();
    workshop.run("init fill-config config.cfg full.cfg").succeeded();
    let full = Document::read(&workshop.path("full.cfg")).unwrap();
    for (path, value) in [
        ("components.transformer.max_batch_items", 4096.into()),
        ("components.transformer.model.mixed_precision", false.into()),
        (
            "components.transformer.set_extra_annotations.@annotation_setters",
            "spacy-transformers.null_annotation_setter.v1".into(),
        ),
        ("components.ner.model.tok2vec.grad_factor", 1.0.into()),
        ("components.ner.model.tok2vec.upstream", "*".into()),
    ] {
        assert_eq!(full.get(path), Some(&value), "{path}");
    }
    workshop.run("train full.cfg").succeeded();
}

#[test]
fn what_training_needs_is_told_before_it() {
    let workshop = workshop();
    let plan = |config: &str, options: &str| -> Value {
        let run = workshop.run(&format!("debug model {config} --format json {options}")).succeeded();
        serde_json::from_str(&run.stdout).unwrap()
    };
    let n_weights: usize =
        tiny_encoder::weights(&tiny_encoder::settings()).iter().map(|(.., numbers)| numbers.len()).sum();
    // Without the pooler, a square and a bias of width 8, which does not learn.
    let hf = plan("config.cfg", "");
    assert_eq!(hf["components"]["transformer"], n_weights - 72);
    // Weights, gradients and two moments.
    let all = hf["components"]["transformer"].as_u64().unwrap() + hf["components"]["ner"].as_u64().unwrap();
    assert_eq!(hf["weights"].as_u64().unwrap(), all * 4 * 4);
    let batch = |plan: &Value| plan["batch"].as_u64().unwrap();
    let halved = plan("config.cfg", "--training.accumulate_gradient=2");
    assert!(batch(&halved).abs_diff(batch(&hf) / 2) <= 1);
    let checkpoints = "--components.transformer.model.transformer_config.gradient_checkpointing=true";
    workshop.run("init fill-config config.cfg full.cfg").succeeded();
    let checked = plan("full.cfg", checkpoints);
    assert!(
        batch(&checked) < batch(&hf) && batch(&checked) == hf["batch_with_checkpoints"].as_u64().unwrap()
    );
    assert!(batch(&plan("curated.cfg", "")) > 0);
    let run = workshop.run("debug model config.cfg").succeeded();
    assert!(
        run.stdout.contains("gradient_checkpointing = true in transformer_config: about"),
        "{}",
        run.stdout
    );
}

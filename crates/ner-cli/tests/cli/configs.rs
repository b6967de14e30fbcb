use ner_config::Document;
use serde_json::Value;

use crate::workshop::Workshop;

#[test]
fn new_configs_are_complete_in_both_syntaxes() {
    let workshop = Workshop::new();
    // No pretrained encoder is recommended for Italian, so that there is a tok2vec to pretrain.
    let run = workshop.run("init config a/new.toml --lang it --gpu -pt").succeeded();
    assert!(run.stderr.contains("- Hardware: GPU") && run.stdout.is_empty(), "{}", run.stderr);
    workshop.run("init config new.cfg --lang it --gpu --pretraining").succeeded();
    let toml = Document::read(&workshop.path("a/new.toml")).unwrap();
    assert_eq!(toml, Document::read(&workshop.path("new.cfg")).unwrap());
    assert!(toml.get("pretraining.max_epochs").is_some());
    let printed = workshop.run("init config - --lang it --gpu --pretraining").succeeded();
    assert_eq!(
        (printed.stdout.trim_end(), printed.stderr.as_str()),
        (workshop.read("new.cfg").trim_end(), "")
    );
}

#[test]
fn a_complete_config_stays_as_it_is() {
    let workshop = Workshop::new();
    let new = workshop.run("init config - --optimize accuracy").succeeded().stdout;
    workshop.write("new.cfg", &new);
    let filled = workshop.run("init fill-config new.cfg").succeeded();
    assert!(filled.stderr.contains("Nothing to auto-fill"), "{}", filled.stderr);
    assert_eq!(filled.stdout, new);
}

#[test]
fn accuracy_needs_no_vectors_and_takes_those_that_are_at_hand() {
    let workshop = Workshop::new();
    let new = |options: &str| {
        workshop.run(&format!("init config - --optimize accuracy {options}")).succeeded().stdout
    };
    assert!(new("").contains("tune_out_bias = true") && new("").contains("vectors = null"));
    let named = new("--vectors en_core_web_lg");
    assert!(!named.contains("tune_out_bias") && named.contains("vectors = \"en_core_web_lg\""), "{named}");
    // The one that spaCy recommends for the language, where training would find it.
    workshop.run("init config small.cfg").succeeded();
    workshop.run("assemble small.cfg packages/es_core_news_lg").succeeded();
    let run = workshop
        .command("init config - --optimize accuracy --lang es")
        .env("NER_MODELS", workshop.path("packages"))
        .output();
    let found = String::from_utf8(run.unwrap().stdout).unwrap();
    assert!(found.contains("vectors = \"es_core_news_lg\""), "{found}");
    let wrong = workshop.run("init config - --vectors en_core_web_lg");
    assert!(wrong.code == Some(1) && wrong.stderr.contains("--optimize accuracy"), "{}", wrong.stderr);
}

#[test]
fn gaps_are_filled_and_shown() {
    let workshop = Workshop::new();
    workshop.write("base.cfg", "[nlp]\nlang = en\npipeline = []\n");
    let run = workshop.run("init fill-config base.cfg full.toml --diff").succeeded();
    assert!(run.stderr.contains("\n+max_steps = 20000\n"), "{}", run.stderr);
    let filled = Document::read(&workshop.path("full.toml")).unwrap();
    assert_eq!(filled.get("training.patience"), Some(&1600.into()));
}

#[test]
fn every_function_is_listed_with_its_arguments() {
    let workshop = Workshop::new();
    let run = workshop.run("registry architectures").succeeded();
    assert!(
        run.stdout.contains("\nspacy.HashEmbedCNN.v2\n") && !run.stdout.contains("Adam.v1"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("\n  hidden_width: integer"), "{}", run.stdout);
    let run = workshop.run("registry --format json").succeeded();
    let functions: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    let adam = functions.iter().find(|function| function["name"] == "Adam.v1").unwrap();
    assert_eq!(adam["kind"], "optimizers");
    let arguments = adam["arguments"].as_array().unwrap();
    let beta = arguments.iter().find(|argument| argument["name"] == "beta1").unwrap();
    assert_eq!((&beta["default"], &beta["required"]), (&0.9.into(), &false.into()));
}

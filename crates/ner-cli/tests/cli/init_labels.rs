//! `ner init labels`: the file that real spaCy writes of the same data, and a run that reads it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::golden::golden_dirs;
use crate::workshop::{SHORT, Workshop, trained};

fn workshop(folder: &Path) -> Workshop {
    let workshop = Workshop::new();
    for (name, file) in
        [("config.cfg", "error_base.cfg"), ("train.spacy", "train.spacy"), ("dev.spacy", "dev.spacy")]
    {
        workshop.write(name, fs::read(folder.join(file)).unwrap());
    }
    workshop
}

const PATHS: &str = "--paths.train train.spacy --paths.dev dev.spacy";

#[test]
fn label_files_are_those_of_spacy() {
    let folders: Vec<PathBuf> = golden_dirs().into_iter().map(|cli| cli.with_file_name("trainlog")).collect();
    for folder in folders {
        let workshop = workshop(&folder);
        let run = workshop.run(&format!("init labels config.cfg labels {PATHS}")).succeeded();
        assert!(run.stderr.contains("'ner'"), "{}", run.stderr);
        let expected = fs::read_to_string(folder.join("labels_file/ner.json")).unwrap();
        assert_eq!(workshop.read("labels/ner.json"), expected);
        assert_eq!(fs::read_dir(workshop.path("labels")).unwrap().count(), 1);
    }
}

#[test]
fn a_run_takes_its_labels_from_the_file() {
    let workshop = Workshop::new();
    let lines = trained().read("train.jsonl");
    workshop.write("train.jsonl", &lines);
    workshop.write("renamed.jsonl", lines.replace("\"GPE\"", "\"PLACE\""));
    workshop.write("config.toml", trained().read("config.toml"));
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
    let run = workshop.run(&format!("init labels config.toml labels {paths}")).succeeded();
    assert!(run.stderr.contains("No label data found for component 'tok2vec'"), "{}", run.stderr);
    let labels = workshop.read("labels/ner.json").replace("\"GPE\"", "\"PLACE\"");
    workshop.write("labels/ner.json", &labels);
    let reader = "[initialize.components.ner.labels]\n\"@readers\" = \"spacy.read_labels.v1\"\npath = \"labels/ner.json\"\n";
    workshop.write("with_labels.toml", format!("{}\n{reader}", workshop.read("config.toml")));
    // The file counts, whatever labels the data have.
    workshop.run(&format!("init labels with_labels.toml again {paths}")).succeeded();
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(json(&workshop.read("again/ner.json")), json(&labels));
    let paths = "--paths.train renamed.jsonl --paths.dev renamed.jsonl";
    workshop.run(&format!("train with_labels.toml -o out {paths} {SHORT}")).succeeded();
    assert_eq!(
        json(&workshop.read("out/model-last/meta.json"))["labels"]["ner"],
        serde_json::json!(["PERSON", "PLACE"])
    );
}

#[test]
fn wrong_configs_and_data_are_told() {
    let workshop = Workshop::new();
    workshop.write("config.toml", trained().read("config.toml"));
    workshop.write("empty.jsonl", "");
    for (options, part) in [
        ("--paths.train nope.jsonl --paths.dev nope.jsonl", "nope.jsonl"),
        ("--paths.train empty.jsonl --paths.dev empty.jsonl", "[corpora.train] no document was found"),
        ("--training.max_stepz 3", "max_steps"),
    ] {
        let run = workshop.run(&format!("init labels config.toml labels {options}"));
        assert_eq!(run.code, Some(1), "{options}: {}", run.stderr);
        assert!(run.stderr.contains(part), "{options}: {}", run.stderr);
        assert!(!workshop.path("labels").exists());
    }
}

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use ner_config::{Document, Value};

use crate::tiny_encoder;
use crate::workshop::{SHORT, Workshop, annotated_lines, files, model, trained};

const PATHS: &str = "--paths.train train.jsonl --paths.dev train.jsonl";

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("config.toml", trained().read("config.toml"));
    workshop
}

#[test]
fn a_run_prints_its_table_and_leaves_two_pipelines() {
    let workshop = prepared();
    let run = workshop.run(&format!("train config.toml -o new/output {PATHS} {SHORT}")).succeeded();
    let mut lines = run.stdout.lines();
    assert_eq!(lines.next(), Some("E    #       LOSS TOK2VEC  LOSS NER  ENTS_F  ENTS_P  ENTS_R  SCORE "));
    let steps: Vec<&str> = lines.skip(1).filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(steps, ["0", "10", "20"]);
    for part in ["Created output directory: new/output", "Using CPU", "Pipeline: ['tok2vec', 'ner']"] {
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    for model in ["model-best", "model-last"] {
        assert!(workshop.path(&format!("new/output/{model}/config.cfg")).is_file());
    }
    let page = workshop.read("new/output/training.html");
    assert!(page.contains("Training of tok2vec, ner") && page.contains("ents_f, step 20"), "{page}");
}

#[test]
fn every_ready_config_trains() {
    let workshop = prepared();
    workshop.write("encoders/README.md", "");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            continue;
        }
        // A small encoder in place of the pretrained one, under its name.
        let config = Document::read(&file).unwrap();
        if let Some(name) = config.get("components.transformer.model.name").and_then(Value::as_str) {
            tiny_encoder::write(&workshop, &format!("encoders/{name}"));
        }
        let command =
            format!("train {} -o out --training.max_steps 1 --encoders encoders {PATHS}", file.display());
        workshop.run(&command).succeeded();
    }
}

#[test]
fn the_same_command_gives_the_same_bytes_on_any_number_of_threads() {
    let workshop = prepared();
    for (output, threads) in [("a", "--threads 1"), ("b", "--threads 2")] {
        workshop.run(&format!("train config.toml -o {output} {threads} {PATHS} {SHORT}")).succeeded();
    }
    for model in ["model-best", "model-last"] {
        let one_thread = files(&workshop.path(&format!("a/{model}")));
        assert!(one_thread == files(&workshop.path(&format!("b/{model}"))));
        assert!(one_thread == files(&trained().path(&format!("output/{model}"))));
    }
}

#[test]
fn a_config_comes_from_stdin_too_and_the_environment_wins() {
    let workshop = prepared();
    for config in ["config.toml", "config.cfg"] {
        workshop.run(&format!("init config {config} --force")).succeeded();
        let mut command = workshop.command(&format!("train - {PATHS} {SHORT}"));
        command.env("SPACY_CONFIG_OVERRIDES", "--training.max_steps 3 --training.eval_frequency=2");
        let mut command = assert_cmd::Command::from_std(command);
        let output = command.write_stdin(workshop.read(config)).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert_eq!(stdout.lines().count(), 2 + 2, "{stdout}");
    }
}

#[test]
fn an_output_directory_is_used_again_but_never_that_of_other_things() {
    let workshop = prepared();
    let train = format!("train config.toml -o output {PATHS} {SHORT}");
    workshop.run(&train).succeeded();
    workshop.run(&train).succeeded();
    workshop.write("output/thesis.txt", "for years");
    let run = workshop.run(&train);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("output/thesis.txt, which is no pipeline"), "{}", run.stderr);
}

#[test]
fn what_a_killed_run_leaves_stops_no_other_run() {
    let workshop = prepared();
    let train = format!("train config.toml -o output {PATHS} {SHORT}");
    workshop.run(&train).succeeded();
    let kept = "output/.saving-unknown/new/model-last/config.cfg";
    workshop.write(kept, "");
    // Killed between the two renames of a save.
    let (new, old) = ("output/.saving-abc/new/model-best", "output/.saving-abc/old/model-best");
    workshop.write("output/.saving-abc/lock", "");
    workshop.write(&format!("{old}/config.cfg"), "");
    fs::create_dir_all(workshop.path(new).parent().unwrap()).unwrap();
    fs::rename(workshop.path("output/model-best"), workshop.path(new)).unwrap();
    let run = workshop.run(&format!("{train} --paths.dev nope.jsonl"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(workshop.path("output/model-best/config.cfg").is_file());
    assert!(!workshop.path("output/.saving-abc").exists() && workshop.path(kept).exists());
    workshop.run(&train).succeeded();
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_what_it_learned() {
    let workshop = prepared();
    let endless = "--training.max_steps 0 --training.patience 0";
    let mut command = workshop.command(&format!("train config.toml -o output {PATHS} {SHORT} {endless}"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(rows.by_ref().take(3).filter(Result::is_ok).count(), 3);
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let last = rows.last().unwrap().unwrap();
    assert_eq!(last, "output/model-last");
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("model-last"), "{stderr}");
    assert!(workshop.path("output/model-last/meta.json").is_file());
}

/// A config whose components come from a trained pipeline, and a rate of learning that leaves them as they are.
const COPIED: &str = r#"
[nlp]
lang = "en"
pipeline = ["tok2vec","finder"]

[components]

[components.tok2vec]
source = "${paths.base}"

[components.finder]
source = "${paths.base}"
component = "ner"

[paths]
base = null

[training]
max_steps = 1
eval_frequency = 1

[training.optimizer]
@optimizers = "Adam.v1"
learn_rate = 0.0
"#;

const REPLACED: &str = r#"
[components.finder]
source = "${paths.base}"
component = "ner"
replace_listeners = ["model.tok2vec"]
"#;

#[test]
fn copied_components_find_what_they_found_before() {
    let workshop = prepared();
    workshop.write("copied.cfg", COPIED);
    let (head, tail) = COPIED.split_once("[components.tok2vec]").unwrap();
    let tail = &tail[tail.find("[paths]").unwrap()..];
    let alone = head.replace("\"tok2vec\",", "");
    workshop.write("replaced.cfg", format!("{alone}{REPLACED}\n{tail}"));
    let texts = "Ada lives in Rome .\nIt rains a lot in Oslo .\n";
    let before = workshop.run_with_input(&format!("apply {} - -", model()), texts).succeeded().stdout;
    assert!(before.contains("PERSON") && before.contains("GPE"), "{before}");
    for config in ["copied", "replaced"] {
        let base = format!("--paths.base {}", model());
        let run = workshop.run(&format!("train {config}.cfg -o {config} {PATHS} {base}")).succeeded();
        assert!(run.stdout.contains("ENTS_F"), "the scores of a copied component count\n{}", run.stdout);
        let after = workshop.run_with_input(&format!("apply {config}/model-last - -"), texts).succeeded();
        assert_eq!(after.stdout, before, "{config}");
        let saved = workshop.read(&format!("{config}/model-last/config.cfg"));
        assert!(!saved.contains("source"), "{saved}");
    }
    for (base, part) in [("nowhere", "components.tok2vec.source"), ("copied", "config.cfg")] {
        let run = workshop.run(&format!("train copied.cfg -o wrong {PATHS} --paths.base {base}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

#[test]
fn a_corpus_is_streamed_through_memory() {
    let workshop = prepared();
    let options = "--training.max_epochs=-1 --training.batcher.size=50";
    let run = workshop.run(&format!("train config.toml -o output {PATHS} {SHORT} {options}")).succeeded();
    let epochs: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|epoch| epoch.parse::<u32>().is_ok())
        .collect();
    assert_eq!(epochs.len(), 3, "{}", run.stdout);
    assert_eq!((epochs[0], epochs[2] > "0"), ("0", true), "{}", run.stdout);
    workshop.write("late.jsonl", annotated_lines() + "{\"text\": \"x\", \"entities\": [[0, 9, 3]]}\n");
    let run = workshop.run(&format!(
        "train config.toml -o other --paths.train late.jsonl --paths.dev train.jsonl {SHORT} --training.max_epochs=-1"
    ));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("late.jsonl:37"), "{}", run.stderr);
}

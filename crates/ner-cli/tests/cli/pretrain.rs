//! Pretraining, and training that starts from its weights.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::workshop::{SHORT, Workshop, annotated_lines, files, trained};

/// A network of the size that [`SHORT`] gives, and one step for each few sentences.
const PRETRAIN: &str = "--components.tok2vec.model.encode.width=16 --components.tok2vec.model.encode.depth=1 \
    --components.tok2vec.model.embed.rows=[200,100,100,100] --pretraining.objective.hidden_size=16 \
    --pretraining.max_epochs=4 --pretraining.batcher.size=40 --paths.raw_text texts.jsonl";

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("texts.jsonl", annotated_lines());
    workshop.write("config.toml", trained().read("config.toml"));
    workshop
}

fn pretrain(output: &str, options: &str) -> String {
    format!("pretrain config.toml {output} {PRETRAIN} {options}")
}

/// Trains from the weights in a file; the weights of tok2vec stay as they are.
fn train(weights: &str, options: &str) -> String {
    // The share is noted down in the file.
    let frozen = "--training.frozen_components=[\"tok2vec\"] --training.dropout=0.2";
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
    format!("train config.toml -o out {paths} {SHORT} {frozen} --initialize.init_tok2vec {weights} {options}")
}

#[test]
fn a_training_starts_from_pretrained_weights() {
    let workshop = prepared();
    let run = workshop.run(&pretrain("weights", "")).succeeded();
    assert!(run.stdout.contains("Total Loss") && run.stderr.contains("starting at epoch 0"), "{run:?}");
    for name in ["config.cfg", "log.jsonl", "model0.bin", "model3.bin"] {
        assert!(workshop.path("weights").join(name).exists(), "{name}");
    }
    workshop.run(&train("weights/model-last.bin", "")).succeeded();
    let [found, expected] = ["out/model-best/tok2vec/model", "weights/model-last.bin"]
        .map(|path| fs::read(workshop.path(path)).unwrap());
    assert!(found == expected, "not all weights were taken over");
}

#[test]
fn weights_that_do_not_fit_are_an_error_that_says_file_found_and_expected() {
    let workshop = prepared();
    workshop.run(&pretrain("weights", "--pretraining.max_epochs=1")).succeeded();
    let check = |weights: &str, options: &str, parts: &[&str]| {
        let run = workshop.run(&train(weights, options));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
    };
    check("nowhere.bin", "", &["initialize.init_tok2vec", "no file nowhere.bin"]);
    check("weights", "", &["initialize.init_tok2vec", "weights is a directory", "model-last.bin"]);
    check("train.jsonl", "", &["train.jsonl", "[components.tok2vec.model]"]);
    workshop.write("empty.bin", "");
    check("empty.bin", "", &["empty.bin", "the file is empty"]);
    let whole = fs::read(workshop.path("weights/model-last.bin")).unwrap();
    workshop.write("cut.bin", &whole[..whole.len() / 2]);
    check("cut.bin", "", &["cut.bin"]);
    let wide = "--components.tok2vec.model.encode.width=24";
    check("weights/model-last.bin", wide, &["weights/model-last.bin", "16", "24", "pretrain and train with"]);
    let deep = "--components.tok2vec.model.encode.depth=2";
    check("weights/model-last.bin", deep, &["weights/model-last.bin", "pretrain and train with"]);
    let component = "--pretraining.component=ner";
    check("weights/model-last.bin", component, &["pretraining.component", "name \"tok2vec\""]);
}

/// A pretraining of some seconds, which saves weights in its epochs, too.
const LONG: &str = "--pretraining.max_epochs=5 --pretraining.n_save_every=2 --pretraining.batcher.size=20";

#[test]
fn a_pretraining_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let workshop = prepared();
    workshop.run(&pretrain("whole", LONG)).succeeded();
    // In any state of a save, and before the first one: the time is another in each round and on each machine.
    for kill in 0..6 {
        let mut child = workshop.command(&pretrain("killed", &format!("{LONG} --resume")));
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(100 + 70 * kill));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    workshop.run(&pretrain("killed", &format!("{LONG} --threads 1 --resume"))).succeeded();
    // The log, the checkpoint and all weights.
    let [found, expected] = ["killed", "whole"].map(|output| files(&workshop.path(output)));
    assert!(found == expected, "{:?}", found.iter().map(|(name, _)| name).collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn an_interrupted_pretraining_goes_on_in_the_middle_of_an_epoch() {
    let workshop = prepared();
    let options = "--pretraining.max_epochs=3 --pretraining.batcher.size=6";
    workshop.run(&pretrain("whole", options)).succeeded();
    let mut child = workshop.command(&pretrain("stopped", options));
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !workshop.path("stopped/model0.bin").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(
        workshop.path("stopped/model-last.bin").exists() && !workshop.path("stopped/model2.bin").exists()
    );
    workshop.run(&pretrain("stopped", &format!("{options} --resume"))).succeeded();
    assert!(files(&workshop.path("stopped")) == files(&workshop.path("whole")));
}

#[test]
fn a_pretraining_begins_where_there_is_nothing_to_resume_and_may_go_on_longer() {
    let workshop = prepared();
    let run = workshop.run(&pretrain("out", "--resume")).succeeded();
    assert!(run.stderr.contains("Nothing to resume in out"), "{}", run.stderr);
    let longer = "--pretraining.max_epochs=6";
    let run = workshop.run(&pretrain("out", &format!("{longer} --resume"))).succeeded();
    assert!(run.stderr.contains("pretraining.max_epochs was 4 and is 6"), "{}", run.stderr);
    workshop.run(&pretrain("whole", longer)).succeeded();
    // The config and the checkpoint tell how the pretraining was begun.
    let [found, expected] = ["out/model-last.bin", "whole/model-last.bin"].map(|path| workshop.path(path));
    assert!(fs::read(found).unwrap() == fs::read(expected).unwrap());
    let run = workshop.run(&pretrain("out", longer)).succeeded();
    assert!(run.stderr.contains("pretrain-checkpoint is of an earlier pretraining"), "{}", run.stderr);
}

#[test]
fn a_pretraining_that_cannot_go_on_says_why_and_changes_nothing() {
    let workshop = prepared();
    workshop.run(&pretrain("out", "")).succeeded();
    let before = files(&workshop.path("out"));
    let check = |options: &str, parts: &[&str]| {
        let run = workshop.run(&pretrain("out", &format!("--resume {options}")));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
    };
    check("--pretraining.dropout=0.5", &["pretraining.dropout was 0.2 and is 0.5"]);
    workshop.write("texts.jsonl", annotated_lines().replacen("Ada", "Eve", 1));
    check("", &["[corpora.pretrain]", "36 documents", "but others"]);
    workshop.write("texts.jsonl", annotated_lines());
    assert!(files(&workshop.path("out")) == before);
    for (path, whole) in before {
        let Ok(name) = path.strip_prefix("pretrain-checkpoint") else { continue };
        let mut edited = whole.clone();
        edited[whole.len() / 2] ^= 1;
        let path = workshop.path("out").join(&path);
        for damaged in [&whole[..whole.len() / 2], &edited] {
            fs::write(&path, damaged).unwrap();
            check("", &[name.to_str().unwrap()]);
        }
        fs::write(&path, whole).unwrap();
    }
    workshop.run(&pretrain("out", "--resume")).succeeded();
}

#[test]
fn a_pretraining_that_diverges_stops_and_keeps_what_was_good() {
    let workshop = prepared();
    workshop.run(&pretrain("out", "")).succeeded();
    let before =
        files(&workshop.path("out")).into_iter().filter(|(path, _)| path.ends_with("model-last.bin"));
    let before: Vec<_> = before.collect();
    let wild = "--pretraining.optimizer.learn_rate=1e38 --pretraining.optimizer.grad_clip=0";
    let run = workshop.run(&pretrain("out", wild));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("expected a finite number"), "{}", run.stderr);
    assert!(files(&workshop.path("out")).contains(&before[0]), "{}", run.stderr);
}

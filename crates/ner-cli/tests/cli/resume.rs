//! Runs that are stopped and go on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::workshop::{SHORT, Workshop, annotated_lines, files, trained};

const PATHS: &str = "--paths.train train.jsonl --paths.dev train.jsonl";

/// 61 steps with an evaluation every third, so that most kills fall into a save or near one.
const LONG: &str = "--training.max_steps 60 --training.eval_frequency 3";

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("config.toml", trained().read("config.toml"));
    workshop
}

fn command(output: &str, options: &str) -> String {
    format!("train config.toml -o {output} {PATHS} {SHORT} {LONG} {options}")
}

fn started(workshop: &Workshop, arguments: &str) -> Child {
    workshop.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Both pipelines of a run; the checkpoint beside them knows how long it took.
#[track_caller]
fn check_same(workshop: &Workshop, output: &str, expected: &str) {
    for model in ["model-best", "model-last"] {
        let [found, expected] =
            [output, expected].map(|run| files(&workshop.path(&format!("{run}/{model}"))));
        assert!(found == expected, "{output}/{model}");
    }
}

/// The steps that a table shows.
fn steps(stdout: &str) -> Vec<usize> {
    stdout.lines().filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect()
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    for options in ["", "--training.max_epochs=-1", "--training.accumulate_gradient=2"] {
        let workshop = prepared();
        workshop.run(&command("whole", options)).succeeded();
        // In any state of a save, and before the first one: the time is another in each round and on each machine.
        for kill in 0..5 {
            let mut child = started(&workshop, &command("killed", &format!("{options} --resume")));
            thread::sleep(Duration::from_millis(60 + 50 * kill));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        workshop.run(&command("killed", &format!("{options} --threads 1 --resume"))).succeeded();
        check_same(&workshop, "killed", "whole");
    }
}

#[test]
fn a_run_goes_on_where_it_was_killed_and_its_log_does_too() {
    let workshop = prepared();
    let logger = "--training.logger.@loggers=spacy.ConsoleLogger.v2 --training.logger.output_file=log.jsonl";
    workshop.run(&command("whole", logger)).succeeded();
    let expected = workshop.read("log.jsonl");
    fs::remove_file(workshop.path("log.jsonl")).unwrap();
    let resume = command("killed", &format!("{logger} --resume"));
    let mut child = started(&workshop, &resume);
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();
    // The header, the rule, and the rows of the steps 0 to 18.
    assert_eq!(rows.by_ref().take(2 + 7).filter(Result::is_ok).count(), 9);
    child.kill().unwrap();
    child.wait().unwrap();
    // As if the kill had fallen into the writing of the page.
    workshop.write("killed/.writing-x7Kq2w", "<html>");
    let run = workshop.run(&resume).succeeded();
    assert!(!workshop.path("killed/.writing-x7Kq2w").exists());
    let first = steps(&run.stdout)[0];
    assert!((18..=24).contains(&first) && run.stderr.contains("Resuming at step"), "{}", run.stderr);
    check_same(&workshop, "killed", "whole");
    assert_eq!(workshop.read("log.jsonl"), expected);
    let [page, expected] = ["killed", "whole"].map(|run| workshop.read(&format!("{run}/training.html")));
    let evaluations =
        |page: &str| page.split_once("<h2>Evaluations").map(|(_, rows)| rows.to_owned()).unwrap();
    assert_eq!(evaluations(&page), evaluations(&expected));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_in_the_middle_of_an_epoch() {
    let workshop = prepared();
    workshop.run(&command("whole", "")).succeeded();
    let mut child = started(&workshop, &command("stopped", ""));
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(rows.by_ref().take(4).filter(Result::is_ok).count(), 4);
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(rows.last().unwrap().unwrap(), "stopped/model-last");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    workshop.run(&command("stopped", "--resume")).succeeded();
    check_same(&workshop, "stopped", "whole");
}

#[test]
fn a_run_begins_where_there_is_nothing_to_resume_and_ends_once() {
    let workshop = prepared();
    let run = workshop.run(&command("out", "--resume")).succeeded();
    assert!(run.stderr.contains("Nothing to resume in out"), "{}", run.stderr);
    let before = files(&workshop.path("out"));
    let run = workshop.run(&command("out", "--resume")).succeeded();
    assert!(run.stderr.contains("nothing is left to do") && run.stdout.is_empty(), "{}", run.stderr);
    assert!(files(&workshop.path("out")) == before);
    // A longer run than the first one is as if it had been so long from the start.
    let longer = "--training.max_steps 90";
    let run = workshop.run(&command("out", &format!("{longer} --resume"))).succeeded();
    assert!(run.stderr.contains("training.max_steps was 60 and is 90"), "{}", run.stderr);
    workshop.run(&command("whole", longer)).succeeded();
    check_same(&workshop, "out", "whole");
    let run = workshop.run(&command("out", longer)).succeeded();
    assert!(run.stderr.contains("out/checkpoint is of an earlier run"), "{}", run.stderr);
    assert_eq!(workshop.run(&format!("train config.toml {PATHS} --resume")).code, Some(2));
}

#[test]
fn another_config_or_corpus_is_refused_and_nothing_is_changed() {
    let workshop = prepared();
    workshop.run(&command("out", "")).succeeded();
    let before = files(&workshop.path("out"));
    let check = |options: &str, parts: &[&str]| {
        let run = workshop.run(&command("out", &format!("--resume {options}")));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
        assert!(files(&workshop.path("out")) == before);
    };
    check(
        "--training.dropout 0.3 --training.optimizer.L2 0.5",
        &["training.dropout was 0.1 and is 0.3", "training.optimizer.L2 was 0.01 and is 0.5"],
    );
    check("--training.max_epochs=-1", &["training.max_epochs was 0 and is -1"]);
    let lines = annotated_lines();
    workshop
        .write("more.jsonl", format!("{lines}{{\"text\": \"Ada\", \"entities\": [[0, 3, \"PERSON\"]]}}\n"));
    let more = ["[corpora.train]", "36 documents", "found 37 documents"];
    check("--paths.train more.jsonl", &more);
    workshop.write("other.jsonl", lines.replacen("PERSON", "GPE", 1));
    check("--paths.dev other.jsonl", &["[corpora.dev]", "but others"]);
    // The same lines in another place are the same corpus.
    workshop.write("moved/same.jsonl", lines);
    workshop.run(&command("out", "--resume --paths.train moved/same.jsonl")).succeeded();
}

#[test]
fn a_damaged_checkpoint_is_an_error_that_names_the_file() {
    let workshop = prepared();
    workshop.run(&command("out", "")).succeeded();
    let checkpoint = workshop.path("out/checkpoint");
    let mut names: Vec<_> = files(&checkpoint).into_iter().map(|(name, _)| name).collect();
    names.retain(|name| fs::metadata(checkpoint.join(name)).unwrap().len() > 0);
    assert!(names.len() > 8, "{names:?}");
    let resume = command("out", "--resume --training.max_steps 70");
    for name in names {
        let path = checkpoint.join(&name);
        let whole = fs::read(&path).unwrap();
        let mut edited = whole.clone();
        edited[whole.len() / 2] ^= 1;
        for damaged in [&whole[..whole.len() / 2], &edited, b""] {
            fs::write(&path, damaged).unwrap();
            let run = workshop.run(&resume);
            assert_eq!(run.code, Some(1), "{}: {}", name.display(), run.stderr);
            assert!(run.stderr.contains(&*name.to_string_lossy()), "{}: {}", name.display(), run.stderr);
        }
        fs::write(&path, whole).unwrap();
    }
    let sums = workshop.read("out/checkpoint/checksums.json");
    workshop.write("out/checkpoint/checksums.json", sums.replacen("\"version\": 1", "\"version\": 9", 1));
    let run = workshop.run(&resume);
    assert!(run.stderr.contains("of version 9, expected 1"), "{}", run.stderr);
    workshop.write("out/checkpoint/checksums.json", sums);
    workshop.run(&resume).succeeded();
}

#[cfg(unix)]
#[test]
fn a_second_run_in_the_same_directory_is_refused() {
    let workshop = prepared();
    let mut child = started(&workshop, &command("out", "--training.max_steps 0 --training.patience 0"));
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(rows.by_ref().take(3).filter(Result::is_ok).count(), 3);
    let run = workshop.run(&command("out", ""));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("out: another process writes into this directory"), "{}", run.stderr);
}

#[test]
fn a_run_that_diverges_stops_and_keeps_what_was_good() {
    let workshop = prepared();
    workshop.run(&command("out", "")).succeeded();
    let before = files(&workshop.path("out"));
    let run = workshop
        .run(&command("out", "--training.optimizer.learn_rate=1e38 --training.optimizer.grad_clip=0"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("expected a finite number"), "{}", run.stderr);
    assert!(files(&workshop.path("out")) == before, "{}", run.stderr);
}

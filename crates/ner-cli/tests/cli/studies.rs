//! Studies: many runs, and what they say.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use ner_config::Document;
use serde_json::{Value, json};

use crate::workshop::{SHORT, Workshop, annotated_lines, trained};

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("config.toml", trained().read("config.toml"));
    workshop
}

fn command(name: &str, options: &str) -> String {
    format!("{name} config.toml {options} --paths.train train.jsonl --paths.dev train.jsonl {SHORT}")
}

/// The results of a study without the times, which are never the same twice.
fn results(workshop: &Workshop, output: &str) -> Value {
    let mut results = serde_json::from_str(&workshop.read(&format!("{output}/results.json"))).unwrap();
    forget_times(&mut results);
    results
}

fn forget_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            ["train_seconds", "words_per_second", "best", "predictions"]
                .iter()
                .for_each(|key| _ = fields.remove(*key));
            fields.values_mut().for_each(forget_times);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_times),
        _ => {}
    }
}

#[test]
fn a_train_curve_has_a_row_for_each_sample_on_any_number_of_threads() {
    let workshop = prepared();
    let curve = |output: &str, threads: &str| {
        workshop
            .run(&command("train-curve", &format!("-o {output} --n-samples 3 --seeds 2 {threads}")))
            .succeeded()
    };
    let run = curve("a", "--threads 1");
    let rows: Vec<&str> = run.stdout.lines().filter(|line| line.contains(" % ")).collect();
    let documents: Vec<&str> = rows.iter().take(3).filter_map(|row| row.split_whitespace().nth(2)).collect();
    assert_eq!(documents, ["12", "24", "36"], "{}", run.stdout);
    assert!(run.stdout.contains("The last step brought"), "{}", run.stdout);
    assert!(run.stderr.contains("6/6 "), "{}", run.stderr);
    curve("b", "--threads 2");
    let found = results(&workshop, "a");
    assert_eq!(found, results(&workshop, "b"));
    assert_eq!((&found["points"][2]["documents"], &found["points"][2]["f"]["n"]), (&json!(36), &json!(2)));
    // The whole corpus is learned from as `ner train` learns from it, and samples lie within each other.
    let expected: f64 = trained_f(&workshop, &command("train", "-o alone"));
    assert_eq!(found["points"][2]["seeds"][0]["f"].as_f64().unwrap(), expected);
    let numbers = |size: usize| -> Vec<usize> {
        serde_json::from_str(&workshop.read(&format!("a/parts/sample-{size}-seed-0.json"))).unwrap()
    };
    assert!(numbers(12).iter().all(|number| numbers(24).contains(number)));
}

/// F of `alone/model-best` that a command trains.
fn trained_f(workshop: &Workshop, train: &str) -> f64 {
    workshop.run(train).succeeded();
    let meta: Value = serde_json::from_str(&workshop.read("alone/model-best/meta.json")).unwrap();
    meta["performance"]["ents_f"].as_f64().unwrap()
}

#[test]
fn a_study_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let workshop = prepared();
    let curve =
        |output: &str| command("train-curve", &format!("-o {output} --n-samples 2 --seeds 2 --threads 2"));
    // Names of one length, since the configs in the pipelines have the paths of samples, and sizes are compared, too.
    workshop.run(&curve("entire")).succeeded();
    for kill in 0..4 {
        let mut child = workshop.command(&curve("killed")).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(200 + 150 * kill));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    workshop.run(&curve("killed")).succeeded();
    assert_eq!(results(&workshop, "killed"), results(&workshop, "entire"));
    let run = workshop.run(&curve("killed")).succeeded();
    assert!(run.stderr.contains("4 runs, 4 of them done before"), "{}", run.stderr);
    let output = |seed: usize| workshop.path(&format!("killed/runs/sample-18/seed-{seed}/output"));
    // Nothing is left of pipelines that nobody asked for.
    assert!(!output(0).exists() && !output(1).exists());
    // As if it had been killed after a run was recorded, and another one had been told to keep its pipelines.
    fs::create_dir_all(output(0).join("model-best")).unwrap();
    fs::create_dir_all(output(1).join("checkpoint")).unwrap();
    // More seeds are added to those that are there.
    let run = workshop.run(&curve("killed").replace("--seeds 2", "--seeds 3")).succeeded();
    assert!(run.stderr.contains("6 runs, 4 of them done before"), "{}", run.stderr);
    assert!(output(0).join("model-best").exists() && !output(1).exists());
}

#[test]
fn another_study_is_kept_out_of_the_folder() {
    let workshop = prepared();
    let curve = command("train-curve", "-o out --n-samples 1 --seeds 1");
    workshop.run(&curve).succeeded();
    let run = workshop.run(&format!("{curve} --training.dropout 0.3"));
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("dropout = 0.1") && run.stderr.contains("dropout = 0.3"), "{}", run.stderr);
    workshop.write("train.jsonl", annotated_lines().replace("Oslo", "Bern"));
    let run = workshop.run(&curve);
    assert!(run.stderr.contains("36 documents with"), "{}", run.stderr);
    let run = workshop.run(&command("train-curve", "-o ."));
    assert!(run.stderr.contains("which is no part of a study"), "{}", run.stderr);
}

/// The corpus of `annotated_lines` with a source for every six documents.
fn with_sources() -> String {
    let lines = annotated_lines();
    let lines = lines.lines().enumerate();
    let line = |(number, line): (usize, &str)| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        record["text"] = format!("{} {number}", record["text"].as_str().unwrap()).into();
        record["meta"] = json!({"source": format!("book {}", number / 6)});
        format!("{record}\n")
    };
    lines.map(line).collect()
}

#[test]
fn each_document_is_predicted_by_a_pipeline_that_has_not_seen_its_group() {
    let workshop = prepared();
    workshop.write("train.jsonl", with_sources());
    for (output, threads) in [("a", 1), ("b", 2)] {
        let options = format!("-o {output} -k 3 --group-by meta.source --threads {threads}");
        let run = workshop.run(&command("cross-validate", &options)).succeeded();
        assert!(run.stdout.contains("fold 3") && run.stdout.contains("PERSON"), "{}", run.stdout);
    }
    assert_eq!(results(&workshop, "a"), results(&workshop, "b"));
    let predictions = workshop.read("a/predictions-seed-0.jsonl");
    assert_eq!(predictions, workshop.read("b/predictions-seed-0.jsonl"));
    let records: Vec<Value> = predictions.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let corpus = with_sources();
    let texts: Vec<Value> =
        corpus.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].clone()).collect();
    assert_eq!(records.iter().map(|record| record["text"].clone()).collect::<Vec<_>>(), texts);
    assert_eq!(records[0]["gold"][0], json!({"start": 0, "end": 3, "label": "PERSON", "text": "Ada"}));
    let mut all = Vec::new();
    for fold in 1..=3 {
        let numbers: Vec<usize> =
            serde_json::from_str(&workshop.read(&format!("a/parts/fold-{fold}-of-3.json"))).unwrap();
        assert!(numbers.chunks(6).all(|group| group.len() == 6 && group[0].is_multiple_of(6)), "{numbers:?}");
        all.extend(numbers);
    }
    all.sort_unstable();
    assert_eq!(all, (0..36).collect::<Vec<_>>());
    // What is written can be compared with something else.
    let run =
        workshop.run(&format!("compare a/predictions-seed-0.jsonl {} train.jsonl", crate::workshop::model()));
    assert!(run.succeeded().stdout.contains("F of B less F of A"));
}

#[test]
fn folds_that_cannot_be_made_are_told_with_the_mend() {
    let workshop = prepared();
    let lonely = "{\"text\": \"He has gout.\", \"entities\": [[7, 11, \"DISEASE\"]]}\n";
    workshop.write("train.jsonl", with_sources() + lonely);
    let run = workshop.run(&command("cross-validate", "-k 3"));
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("an entity of DISEASE") && run.stderr.contains("label_map"),
        "{}",
        run.stderr
    );
    let run = workshop.run(&command("cross-validate", "-k 3 --group-by meta.sauce"));
    assert!(
        run.stderr.contains("document 1 (\"Ada lives in London . 0\") has no such key"),
        "{}",
        run.stderr
    );
    let run = workshop.run(&command("cross-validate", "-k 30 --group-by 6"));
    assert!(run.stderr.contains("30 folds of 7 documents or groups"), "{}", run.stderr);
    let run = workshop.run(&command("train-curve", "--n-samples 100"));
    assert!(run.stderr.contains("--n-samples: expected a number from 1 to 37"), "{}", run.stderr);
    let run = workshop.run(&command("train-curve", "--training.dev_split 0.5"));
    assert!(
        run.stderr.contains("[training] dev_split") && run.stderr.contains("--paths.dev"),
        "{}",
        run.stderr
    );
    let run = workshop.run(&command("cross-validate", "--training.max_epochs=-1"));
    assert!(run.stderr.contains("[training] max_epochs: a stream"), "{}", run.stderr);
}

const VARIANTS: &str = r#"
[fixed]
"training.eval_frequency" = 5

[[variants]]
name = "as it is"

[[variants]]
name = "more dropout"
"training.dropout" = 0.3
"#;

#[test]
fn variants_are_ranked_and_the_best_config_gives_its_score() {
    let workshop = prepared();
    workshop.write("variants.toml", VARIANTS);
    let run = workshop.run(&command("search", "variants.toml -o out --seeds 2")).succeeded();
    assert!(run.stdout.contains("more dropout") && run.stdout.contains("over first"), "{}", run.stdout);
    let found = results(&workshop, "out");
    let trials = found["trials"].as_array().unwrap();
    let fs: Vec<f64> = trials.iter().map(|trial| trial["f"].as_f64().unwrap()).collect();
    assert!(fs.len() == 2 && fs.is_sorted_by(|left, right| left >= right), "{fs:?}");
    let best = Document::read(&workshop.path("out/best.toml")).unwrap();
    assert_eq!(best.get("training.eval_frequency"), Some(&5_i64.into()));
    let expected = trials[0]["corpora"]["dev"]["seeds"][0]["f"].as_f64().unwrap();
    assert_eq!(trained_f(&workshop, "train out/best.toml -o alone"), expected);
}

#[test]
fn halves_of_dev_are_scored_by_turns_on_several_corpora() {
    let workshop = prepared();
    workshop.write("variants.toml", VARIANTS);
    workshop.write("other.jsonl", with_sources());
    let corpora = "--corpus one train.jsonl train.jsonl --corpus two other.jsonl train.jsonl";
    let search = |output: &str, threads: u8| {
        let options =
            format!("variants.toml -o {output} --seeds 1 --dev-halves {corpora} --threads {threads}");
        workshop.run(&command("search", &options)).succeeded()
    };
    let run = search("a", 1);
    assert!(run.stdout.contains("All corpora") && run.stdout.contains("= two ="), "{}", run.stdout);
    search("b", 2);
    let found = results(&workshop, "a");
    assert_eq!(found, results(&workshop, "b"));
    // Both halves together are all of dev, in which six sentences have no entity.
    let people = &found["trials"][0]["corpora"]["one"]["seeds"][0]["labels"]["PERSON"];
    let count = |name: &str| people[name].as_u64().unwrap();
    assert_eq!(count("true_positives") + count("false_negatives"), 30);
    // Each half by what the other one has chosen.
    let file = fs::read_dir(workshop.path("a/runs")).unwrap().next().unwrap().unwrap().path();
    let record = workshop.read(file.join("one/seed-0/result.json").to_str().unwrap());
    let scores = serde_json::from_str::<Value>(&record).unwrap()["outcome"]["scored"].take();
    let right = |labels: &Value| labels["PERSON"]["true_positives"].as_u64().unwrap_or_default();
    let halves = scores["halves"].as_array().unwrap();
    assert_eq!(right(&scores["labels"]), halves.iter().map(|half| right(&half["other"])).sum::<u64>());
}

#[test]
fn a_trial_that_goes_on_after_a_comparison_is_as_if_it_had_never_stopped() {
    let workshop = prepared();
    // The rate falls over all steps of a trial, also of one that is stopped on the way.
    let space = r#"
        [fixed]
        "training.eval_frequency" = 2
        "training.optimizer.learn_rate" = { "@schedules" = "ner.warmup_cosine.v1", initial_rate = 0.01, warmup_steps = 2, total_steps = 0 }
        "training.patience" = 0
        "training.max_epochs" = 4
        [space]
        "training.dropout" = { uniform = [0.0, 0.5] }
        "training.optimizer.learn_rate.initial_rate" = { log_uniform = [1e-3, 1e-1] }
        "training.optimizer.beta1" = [0.8, 0.9]
    "#;
    workshop.write("space.toml", space);
    for strategy in ["random", "halving"] {
        let options = format!(
            "space.toml -o {strategy} --trials 3 --seeds 1 --strategy {strategy} --training.max_steps 0"
        );
        workshop.run(&command("search", &options)).succeeded();
    }
    let [random, halving] = ["random", "halving"].map(|output| results(&workshop, output));
    let best = &halving["trials"][0];
    let of_name = |trial: &&Value| trial["name"] == best["name"];
    let same = random["trials"].as_array().unwrap().iter().find(of_name).unwrap();
    assert_eq!(best["corpora"], same["corpora"]);
    let given_up: Vec<&Value> =
        halving["trials"].as_array().unwrap().iter().map(|trial| &trial["given_up_after_one_of"]).collect();
    assert!(given_up[0].is_null() && given_up.iter().any(|steps| !steps.is_null()), "{given_up:?}");
    assert_eq!(fs::read_dir(workshop.path("halving/runs")).unwrap().count(), 4);
    // Nobody needs the checkpoints of those that were given up.
    for entry in fs::read_dir(workshop.path("halving/runs")).unwrap() {
        assert!(!entry.unwrap().path().join("seed-0/output").exists());
    }
}

#[test]
fn a_space_that_does_not_fit_the_config_is_told_before_the_first_run() {
    let workshop = prepared();
    for (space, part) in [
        ("[space]\n\"training.dropuot\" = [0.1, 0.2]", "did you mean `dropout`"),
        ("[space]\n\"trainin.dropout\" = [0.1, 0.2]", "did you mean `training`"),
        ("[[variants]]\nname = \"x\"\n\"training.dropout\" = \"much\"", "variant \"x\""),
        (
            "[[variants]]\nname = \"w\"\n[[variants]]\nname = \"x\"\n\"training.dropout\" = 1.5",
            "variant \"x\": [training] dropout: expected a share",
        ),
        (
            "[[variants]]\nname = \"x\"\n\"corpora.train.augmenter\" = { \"@augmenters\" = \"ner.unseen_words.v1\", level = 1, min_length = 3 }",
            "min_length",
        ),
        ("[[variants]]\nname = \"x\"\n[[variants]]\nname = \"x\"", "two variants \"x\""),
        ("[space]\ntraining.dropout = [0.1]", "in quotes"),
        ("[space]", "nothing to try"),
    ] {
        workshop.write("space.toml", space);
        let run = workshop.run(&command("search", "space.toml -o out"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains("space.toml: ") && run.stderr.contains(part), "{space}\n{}", run.stderr);
        assert!(!workshop.path("out/runs").exists());
    }
    let run = workshop.run(&command("search", "space.toml"));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
}

#[test]
fn two_files_of_predictions_are_compared_document_by_document() {
    let workshop = prepared();
    let record = |ents: &str| format!("{{\"text\": \"Ada met Bob.\", \"ents\": [{ents}]}}\n");
    let (ada, bob) = (r#"{"start": 0, "end": 3, "label": "P"}"#, r#"{"start": 8, "end": 11, "label": "P"}"#);
    let both = record(&format!("{ada}, {bob}"));
    workshop.write("gold.jsonl", both.repeat(6));
    // Five documents in which B finds more, and one in which both find all: of the 32 ways to swap, two differ as much.
    workshop.write("a.jsonl", record(ada).repeat(5) + &both);
    workshop.write("b.jsonl", both.repeat(6));
    let run = workshop.run("compare a.jsonl b.jsonl gold.jsonl --format json").succeeded();
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["significance"]["p"], json!(0.0625));
    assert_eq!((&found["documents"], &found["differing"]), (&json!(6), &json!(5)));
    assert_eq!((&found["right"]["only_b"], &found["right"]["both"]), (&json!(5), &json!(7)));
    assert_eq!(found["right"]["examples_of_b"][0]["text"], json!("Bob"));
    let a = 2.0 * 7.0 / (2.0 * 7.0 + 5.0);
    assert!((found["difference"].as_f64().unwrap() - (1.0 - a)).abs() < 1e-12);
    let run = workshop.run("compare a.jsonl b.jsonl gold.jsonl -o out.json").succeeded();
    assert!(run.stdout.contains("Found by B alone") && run.stdout.contains("p = 0.0625"), "{}", run.stdout);
    assert_eq!(serde_json::from_str::<Value>(&workshop.read("out.json")).unwrap(), found);
    workshop.write("other.jsonl", both.replace("Bob", "Eve").repeat(6));
    let run = workshop.run("compare a.jsonl other.jsonl gold.jsonl");
    assert!(
        run.stderr.contains("other.jsonl: document 1 (\"Ada met Eve.\") is another text"),
        "{}",
        run.stderr
    );
    let run = workshop.run("compare train.jsonl b.jsonl gold.jsonl");
    assert!(run.stderr.contains("it has 36 documents, and the data 6"), "{}", run.stderr);
}

/// The config is the one that the comment at the file's head names.
#[test]
fn every_ready_space_fits_its_ready_config() {
    let workshop = prepared();
    workshop.write("vectors.txt", "2 3\nAnn 1 0 1\nBob 0 1 1\n");
    workshop.run("init vectors en vectors.txt words").succeeded();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for file in fs::read_dir(repository.join("configs/studies")).unwrap() {
        let file = file.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        let config = text.split("ner search ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        let (config, output) = (repository.join(config), file.file_stem().unwrap().display().to_string());
        let paths = "--paths.train train.jsonl --paths.dev train.jsonl --paths.vectors words";
        let options = format!("-o {output} --trials 2 --seeds 1 {paths} --training.max_steps 1");
        workshop.run(&format!("search {} {} {options}", config.display(), file.display())).succeeded();
    }
}

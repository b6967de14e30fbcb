//! `[training.rehearsal]`: going on from a trained pipeline without forgetting.

use crate::workshop::{Workshop, annotated_lines, files, model};

/// A config that goes on from the trained pipeline, and sentences of boats, a label that it does not know.
fn prepared() -> Workshop {
    let workshop = Workshop::new();
    let (model, mut boats) = (model(), String::new());
    for boat in ["Gull", "Tern", "Petrel", "Heron", "Osprey"] {
        for place in ["Oslo", "Rome", "Paris"] {
            let text = format!("The {boat} sails to {place} .");
            let end = 4 + boat.len();
            boats += &format!("{{\"text\": \"{text}\", \"entities\": [[4, {end}, \"BOAT\"]]}}\n");
        }
    }
    workshop.write("boats.jsonl", boats);
    workshop.write("people.jsonl", annotated_lines());
    workshop.write("texts.jsonl", annotated_lines());
    let config = format!(
        "[paths]\ntrain = boats.jsonl\ndev = people.jsonl\n\
             [nlp]\nlang = en\npipeline = [\"tok2vec\", \"ner\"]\n\
             [components]\n[components.tok2vec]\nsource = {model:?}\n[components.ner]\nsource = {model:?}\n\
             [corpora]\n[corpora.rehearsal]\n@readers = spacy.Corpus.v1\npath = texts.jsonl\ngold_preproc = false\n\
             [training]\nmax_steps = 30\neval_frequency = 30\n[training.optimizer]\n@optimizers = Adam.v1\n\
             learn_rate = 0.01\n"
    );
    workshop.write("config.cfg", &config);
    workshop.write("kept.cfg", format!("{config}[training.rehearsal]\ncorpus = corpora.rehearsal\n"));
    workshop
}

/// F of a saved pipeline by label.
fn scores(workshop: &Workshop, model: &str, data: &str) -> impl Fn(&str) -> f64 {
    let run = workshop.run(&format!("evaluate {model} {data} --format json")).succeeded();
    let scores: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    move |label| scores["ents_per_type"][label]["f"].as_f64().unwrap()
}

#[test]
fn a_new_label_is_learned_and_the_old_ones_are_kept() {
    let workshop = prepared();
    let plain = workshop.run("train config.cfg -o plain").succeeded();
    assert!(plain.stderr.contains("it will forget them"), "{}", plain.stderr);
    let kept = workshop.run("train kept.cfg -o kept").succeeded();
    assert!(!kept.stderr.contains("it will forget"), "{}", kept.stderr);
    assert!(kept.stderr.contains("count as not annotated"), "{}", kept.stderr);
    let [plain, kept] = ["plain", "kept"]
        .map(|output| scores(&workshop, &format!("{output}/model-last"), "people.jsonl")("GPE"));
    assert!(kept > 0.95 && plain < kept - 0.2, "{plain} {kept}");
    assert!(scores(&workshop, "kept/model-last", "boats.jsonl")("BOAT") > 0.9);
    // What spaCy would refuse is written only where it was asked for.
    assert!(!workshop.read("plain/model-last/config.cfg").contains("training.rehearsal"));
}

#[test]
fn rehearsals_give_the_same_bytes_on_any_number_of_threads() {
    let workshop = prepared();
    for (output, threads) in [("a", 1), ("b", 2)] {
        let options = "--training.rehearsal.batch_words 40 --training.rehearsal.frequency 2";
        workshop.run(&format!("train kept.cfg -o {output} --threads {threads} {options}")).succeeded();
    }
    // Not the checkpoint, which holds the seconds that a run took.
    for model in ["model-last", "model-best"] {
        let [one, two] = ["a", "b"].map(|output| files(&workshop.path(&format!("{output}/{model}"))));
        assert!(one == two, "{model}");
    }
}

/// The tutor lies in the checkpoint: its pipeline is not opened again.
#[test]
fn a_run_that_rehearses_goes_on_to_the_same_bytes() {
    let workshop = prepared();
    workshop.run("train kept.cfg -o whole").succeeded();
    workshop.run("train kept.cfg -o parts --training.max_steps 9").succeeded();
    workshop.run("train kept.cfg -o parts --resume").succeeded();
    let [whole, parts] =
        ["whole", "parts"].map(|output| files(&workshop.path(&format!("{output}/model-last"))));
    assert!(whole == parts);
    workshop.write("texts.jsonl", annotated_lines().replace("Oslo", "Bonn"));
    let run = workshop.run("train kept.cfg -o parts --resume");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("corpora.rehearsal"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_rehearsed_is_refused() {
    let workshop = prepared();
    for (options, expected) in [
        ("--training.rehearsal.frequency 0", "training.rehearsal.frequency: expected at least 1"),
        ("--training.rehearsal.weight 0", "training.rehearsal.weight: expected more than 0"),
        ("--training.rehearsal.temperature=-1", "training.rehearsal.temperature: expected more than 0"),
        ("--training.rehearsal.wait 1", "wait"),
        ("--training.rehearsal.corpus corpora.nothing", "corpora.nothing"),
        ("--training.frozen_components [\"ner\",\"tok2vec\"]", "has a source and is not frozen"),
    ] {
        let run = workshop.run(&format!("train kept.cfg -o output {options}"));
        assert_eq!(run.code, Some(1), "{options}");
        assert!(run.stderr.contains(expected), "{options}\n{}", run.stderr);
    }
}

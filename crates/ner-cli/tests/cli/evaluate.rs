use serde_json::Value;

use crate::workshop::{Workshop, model, trained};

#[test]
fn scores_are_printed_and_saved() {
    let run =
        trained().run(&format!("evaluate {} train.jsonl --output scores/new.json", model())).succeeded();
    for part in ["= Results =", "NER F   ", "= NER (per type) =", "\nPERSON   ", "\nGPE      "] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    let scores: Value = serde_json::from_str(&trained().read("scores/new.json")).unwrap();
    assert!(scores["ents_f"].as_f64().unwrap() > 0.5, "{scores}");
    assert_eq!(scores["token_acc"], 1.0);
    let run = trained().run(&format!("benchmark accuracy {} train.jsonl --format json", model())).succeeded();
    let mut printed: Value = serde_json::from_str(&run.stdout).unwrap();
    printed["speed"] = scores["speed"].clone();
    assert_eq!(printed, scores);
}

#[test]
fn mistakes_are_written_for_each_document_that_has_some() {
    let workshop = Workshop::new();
    // Nobody calls a verb or a full stop so: they are missed, and the document after them, of which nothing is known, is not
    // compared.
    let lines = "{\"text\": \"Ada met Bob.\", \"entities\": [[4, 7, \"DOT\"], [11, 12, \"DOT\"]]}\n\
                 {\"text\": \"Ada met Bob.\"}\n";
    workshop.write("dots.jsonl", lines);
    let run = workshop.run(&format!("evaluate {} dots.jsonl --mistakes mistakes.jsonl", model())).succeeded();
    assert!(run.stderr.contains("does not know DOT"), "{}", run.stderr);
    let written = workshop.read("mistakes.jsonl");
    assert_eq!(written.lines().count(), 1, "{written}");
    let mistakes: Value = serde_json::from_str(&written).unwrap();
    let missed = serde_json::json!([
        {"start": 4, "end": 7, "label": "DOT", "text": "met"},
        {"start": 11, "end": 12, "label": "DOT", "text": "."}
    ]);
    assert_eq!(mistakes["missed"], missed);
}

#[test]
fn speed_has_a_mean_and_an_interval() {
    let arguments = format!("benchmark speed {} train.jsonl --batches 30 --batch-size 4 -w 1", model());
    let run = trained().run(&arguments).succeeded();
    assert!(
        run.stdout.contains("extreme outliers: ") && run.stdout.contains("words/s (95% CI: "),
        "{}",
        run.stdout
    );
}

#[test]
fn a_pipeline_is_described() {
    let run = trained().run(&format!("info {} --format json", model())).succeeded();
    let facts: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(facts["labels"]["ner"], serde_json::json!(["GPE", "PERSON"]));
    assert_eq!(facts["pipeline"], serde_json::json!(["tok2vec", "ner"]));
    assert!(facts["parameters"]["tok2vec"].as_u64().unwrap() > 500 * 16);
    assert!(facts.get("performance").is_none(), "{}", run.stdout);
    let run = trained().run(&format!("info {} --exclude parameters", model())).succeeded();
    assert!(run.stdout.contains("ner: GPE, PERSON") && !run.stdout.contains("parameters"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.trim_end() == line), "{}", run.stdout);
    let run = trained().run("info --markdown").succeeded();
    assert!(run.stdout.contains("- **devices:** flex"), "{}", run.stdout);
}

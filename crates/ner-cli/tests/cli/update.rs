//! `ner update`: a trained pipeline learns from a few documents.

use crate::workshop::{Workshop, annotated_lines, files, model};

/// Sentences of boats, a label that the pipeline does not know; of the old labels only places are annotated.
fn boats() -> String {
    let mut lines = String::new();
    for boat in ["Gull", "Tern", "Petrel", "Heron", "Osprey"] {
        for place in ["Oslo", "Rome", "Paris"] {
            let text = format!("The {boat} sails to {place} .");
            let (end, place_end) = (4 + boat.len(), text.len() - 2);
            let place_start = place_end - place.len();
            lines += &format!(
                "{{\"text\": \"{text}\", \"entities\": [[4, {end}, \"BOAT\"], [{place_start}, {place_end}, \"GPE\"]]}}\n"
            );
        }
    }
    lines
}

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("boats.jsonl", boats());
    workshop.write("people.jsonl", annotated_lines());
    workshop
}

/// The row of a label in the table of `ner update`.
fn row<'a>(table: &'a str, label: &str) -> Vec<&'a str> {
    let row = table.lines().find(|line| line.trim_start().starts_with(label));
    row.unwrap_or_else(|| panic!("no row of {label}\n{table}")).split_whitespace().skip(1).collect()
}

#[test]
fn a_new_label_is_added_and_a_table_says_what_became_of_all() {
    let workshop = prepared();
    let learned = "--rehearse people.jsonl --eval people.jsonl --training.optimizer.learn_rate 0.01";
    let options = format!("update {} boats.jsonl -o output --add-label BOAT {learned}", model());
    let run = workshop.run(&format!("{options} --max-forgetting 2")).succeeded();
    let boat = row(&run.stdout, "BOAT");
    assert_eq!(boat[..2], ["new", "0.00"], "{}", run.stdout);
    assert!(boat[2].parse::<f64>().unwrap() > 90.0, "{}", run.stdout);
    let person = row(&run.stdout, "PERSON");
    assert!(person.iter().all(|f| f.parse::<f64>().unwrap() > 95.0), "{}", run.stdout);
    // It was not annotated, and is no error where it is found.
    assert!(run.stderr.contains("DATA has no entity of PERSON"), "{}", run.stderr);
    let info = workshop.run("info output").succeeded().stdout;
    assert!(info.contains("BOAT") && info.contains("PERSON"), "{info}");
    // The same once more, on other threads, over the pipeline that lies there.
    let before = files(&workshop.path("output"));
    workshop.run(&format!("{options} --threads 1")).succeeded();
    assert!(files(&workshop.path("output")) == before);
}

#[test]
fn what_forgets_too_much_is_not_written() {
    let workshop = prepared();
    // Wrong corrections: all places are boats.
    workshop.write("wrong.jsonl", annotated_lines().replace("GPE", "BOAT"));
    let options = "--eval people.jsonl --training.optimizer.learn_rate 0.02 --training.max_epochs 20";
    let run =
        workshop.run(&format!("update {} wrong.jsonl -o output {options} --max-forgetting 0.5", model()));
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stderr.contains("GPE lost more than 0.5 points of F"), "{}", run.stderr);
    assert!(row(&run.stdout, "GPE").len() > 1, "{}", run.stdout);
    assert!(!workshop.path("output").exists());
}

#[test]
fn wrong_input_is_named() {
    let workshop = prepared();
    workshop.write("empty.jsonl", "");
    workshop.write("nothing.jsonl", "{\"text\": \"It rains .\", \"entities\": []}\n");
    workshop.write("broken.jsonl", "{\"text\": \"a\", \"entities\": [[0, 9, \"X\"]]}\n");
    workshop.write("output/mine.txt", "kept");
    let model = model();
    for (arguments, expected) in [
        (format!("{model} boats.jsonl -o new --add-label SHIP"), "no document has an entity of SHIP"),
        (format!("{model} boats.jsonl -o new --add-label GPE"), "does not know BOAT"),
        (format!("{model} empty.jsonl -o new"), "empty.jsonl"),
        (format!("{model} nothing.jsonl -o new"), "no document has an entity"),
        (format!("{model} broken.jsonl -o new"), "broken.jsonl"),
        (format!("{model} missing.jsonl -o new"), "missing.jsonl"),
        (format!("{model} boats.jsonl -o output"), "is no pipeline; name another place"),
        (format!("{model} boats.jsonl -o new --training.dropout 2"), "dropout"),
        (format!("{model} boats.jsonl -o new --max-forgetting=-1"), "expected a number from 0 to 100"),
        (format!("{model} boats.jsonl -o new --rehearse empty.jsonl"), "empty.jsonl"),
        (
            format!("{model} boats.jsonl -o new --rehearse boats.jsonl --training.rehearsal.weight 0"),
            "expected more than 0",
        ),
    ] {
        let run = workshop.run(&format!("update {arguments}"));
        assert!(matches!(run.code, Some(1 | 2)), "{arguments}: {:?}\n{}", run.code, run.stdout);
        assert!(run.stderr.contains(expected), "{arguments}\n{}", run.stderr);
        assert!(!workshop.path("new").exists());
    }
    assert_eq!(workshop.read("output/mine.txt"), "kept");
}

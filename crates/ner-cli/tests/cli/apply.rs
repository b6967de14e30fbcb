use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::workshop::{Workshop, model};

fn records(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const ADA: &str = "Ada lives in Paris .";

fn ada() -> Value {
    json!([{"start": 0, "end": 3, "label": "PERSON"}, {"start": 13, "end": 18, "label": "GPE"}])
}

#[test]
fn lines_go_in_and_records_come_out() {
    let workshop = Workshop::new();
    let run = workshop.run_with_input(&format!("apply {} - -", model()), format!("{ADA}\n\n{ADA}\r\n"));
    let records = records(&run.succeeded().stdout);
    assert_eq!(records[0], json!({"text": ADA, "ents": ada()}));
    assert_eq!(records[1], json!({"text": "", "ents": []}));
    assert_eq!(records[2], records[0]);
    let run = workshop.run_with_input(&format!("apply {} - -", model()), "").succeeded();
    assert_eq!(run.stdout, "");
}

#[test]
fn records_keep_their_order_and_their_other_fields() {
    let workshop = Workshop::new();
    let text = |index: usize| format!("{ADA} {}", "It rains a lot there . ".repeat(index % 7));
    let lines = (0..500).map(|index| json!({"id": index, "body": text(index), "tags": ["x", null]}));
    workshop.write("in.jsonl", lines.map(|line| format!("{line}\n")).collect::<String>());
    let mut outputs = Vec::new();
    for options in ["--threads 1", "--threads 3 --batch-size 7 --force"] {
        workshop.run(&format!("apply {} in.jsonl out.jsonl -tk body {options}", model())).succeeded();
        outputs.push(workshop.read("out.jsonl"));
    }
    assert_eq!(outputs[0], outputs[1]);
    for (index, record) in records(&outputs[0]).iter().enumerate() {
        assert_eq!((&record["id"], &record["text"]), (&json!(index), &json!(text(index))));
        assert_eq!(record["tags"], json!(["x", null]));
        assert_eq!(record["ents"].as_array().unwrap()[..2], *ada().as_array().unwrap());
    }
}

#[test]
fn offsets_count_characters_bytes_or_code_units() {
    let workshop = Workshop::new();
    workshop.write("in.jsonl", format!("{}\n", json!({"text": format!("🙂 {ADA}")})));
    for (unit, shift) in [("chars", 2), ("bytes", 5), ("utf16", 3)] {
        let run = workshop.run(&format!("apply {} in.jsonl - --offsets {unit}", model())).succeeded();
        let record = &records(&run.stdout)[0];
        let entity = record["ents"].as_array().unwrap().last().unwrap();
        assert_eq!((&entity["start"], &entity["end"]), (&json!(13 + shift), &json!(18 + shift)), "{unit}");
    }
}

#[test]
fn a_directory_is_read_in_order_and_written_as_one_file() {
    let workshop = Workshop::new();
    workshop.write("in/a.txt", "one\r\ntwo");
    workshop.write("in/b/c.jsonl", "{\"text\": \"three\"}\n\n{\"text\": \"four\"}");
    workshop.write("in/.hidden", [0xff]);
    workshop.run(&format!("apply {} in out", model())).succeeded();
    let run = workshop.run("convert out.spacy - -t jsonl").succeeded();
    let texts: Vec<Value> = records(&run.stdout).iter().map(|record| record["text"].clone()).collect();
    assert_eq!(texts, ["three", "four", "one\ntwo"]);
}

#[test]
fn a_reader_that_leaves_ends_the_command_quietly() {
    let workshop = Workshop::new();
    workshop.write("in.jsonl", format!("{}\n", json!({"text": ADA})).repeat(20_000));
    let mut command = workshop.command(&format!("apply {} in.jsonl -", model()));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(records(&line)[0]["text"], ADA);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8(output.stderr).unwrap().contains('✘'), "a closed pipe is no failure");
}

#[test]
fn beams_tell_how_sure_they_are() {
    let workshop = Workshop::new();
    workshop.write("in.jsonl", format!("{}\n", json!({"text": ADA})));
    let run = workshop.run(&format!("apply {} in.jsonl - --beam-width 8 --scores", model())).succeeded();
    let record = &records(&run.stdout)[0];
    let entities = record["ents"].as_array().unwrap();
    assert!(!entities.is_empty());
    for entity in entities {
        let score = entity["score"].as_f64().unwrap();
        assert!(score > 0.0 && score <= 1.0, "{entity}");
    }
    let run = workshop.run(&format!("apply {} in.jsonl - --scores", model()));
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--beam-width"), "{}", run.stderr);
}

//! `ner apply` on files of all forms.

use serde_json::{Value, json};

use crate::workshop::{Run, Workshop, model};

const ADA: &str = "Ada lives in Paris .";

fn ada() -> Value {
    json!([{"start": 0, "end": 3, "label": "PERSON"}, {"start": 13, "end": 18, "label": "GPE"}])
}

fn records(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The records of a file, and what was said of it.
#[track_caller]
fn apply(name: &str, content: impl AsRef<[u8]>, options: &str) -> (Vec<Value>, String) {
    let workshop = Workshop::new();
    workshop.write(name, content);
    let run = workshop.run(&format!("apply {} {name} - {options}", model())).succeeded();
    let said: Vec<&str> = run.stderr.lines().filter(|line| line.contains("read as")).collect();
    (records(&run), said.join("\n"))
}

#[test]
fn json_is_records_however_it_is_laid_out() {
    let record = json!({"text": ADA, "id": 7});
    let expected = json!({"text": ADA, "ents": ada(), "id": 7});
    let said = |name: &str| format!("ℹ {name}: read as jsonl, ");
    for (name, content) in [
        ("list.json", format!("[{record}, {record}]")),
        ("pretty.json", format!("{:#}", json!([record, record]))),
        ("lines.txt", format!("{record}\n{record}\n")),
    ] {
        let (found, note) = apply(name, content, "");
        assert_eq!(found, vec![expected.clone(); 2], "{name}");
        assert!(note.starts_with(&said(name)), "{note}");
    }
    let (found, note) = apply("one.jsonl", format!("{record:#}"), "");
    assert_eq!((found, note.as_str()), (vec![expected], ""));
}

#[test]
fn the_field_of_the_text_may_lie_inside_of_others() {
    let deep = json!({"data": {"text": ADA}});
    let (found, _) = apply("deep.jsonl", format!("{deep}\n"), "--text-key data.text");
    assert_eq!(found, [json!({"text": ADA, "ents": ada(), "data": {"text": ADA}})]);
    let (found, _) = apply("dot.jsonl", format!("{}\n", json!({"data.text": ADA})), "--text-key data.text");
    assert_eq!(found[0]["ents"], ada());
}

#[test]
fn tables_give_the_texts_of_a_column() {
    let expected = json!({"text": ADA, "ents": ada(), "id": "1"});
    let (found, _) = apply("a.csv", format!("id,body\n1,\"{ADA}\"\n"), "--text-column body");
    assert_eq!(found, std::slice::from_ref(&expected));
    let (found, note) = apply("a.csv", format!("text;id\r\n\"{ADA}\";1\r\n"), "");
    assert_eq!(found, std::slice::from_ref(&expected));
    assert!(note.contains("--text-column"), "{note}");
    let (found, _) = apply("a.tsv", format!("text\tid\n{ADA}\t1\n"), "");
    assert_eq!(found, [expected]);
    let workshop = Workshop::new();
    workshop.write("a.csv", "id,body\n1,x\n");
    let run = workshop.run(&format!("apply {} a.csv -", model()));
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("a.csv: the table has the columns id, body"), "{}", run.stderr);
}

#[test]
fn rows_of_parquet_are_records() {
    let table = include_bytes!("../../../ner-formats/tests/formats/tools/parquet/spans.parquet");
    let (found, _) = apply("a.parquet", table, "--text-column body");
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0]["text"], &found[1]["text"]), (&json!("Mira Orr rows."), &json!("Nobody rows.")));
    assert_eq!(found[0]["gold"]["entities"], json!([{"start": 0, "end": 8, "label": "PER"}]));
    assert!(found[0]["ents"].is_array() && found[0].get("body").is_some(), "{}", found[0]);
}

#[test]
fn annotated_tokens_are_annotated_and_their_entities_are_gold() {
    let lines = "Ada B-ORG\nlives O\nin O\nParis O\n. O\n";
    for name in ["a.conll", "a.dat"] {
        let (found, note) = apply(name, lines, "");
        let gold = json!({"ents": [{"start": 0, "end": 3, "label": "ORG"}]});
        assert_eq!((&found[0]["ents"], &found[0]["gold"]), (&ada(), &gold));
        assert_eq!(found[0]["text"].as_str().unwrap().trim_end(), ADA);
        assert_eq!(note.is_empty(), name == "a.conll", "{note}");
    }
}

#[test]
fn predictions_of_annotated_records_are_read_again() {
    let workshop = Workshop::new();
    let annotated = [
        json!({"text": ADA, "entities": [[0, 3, "ORG"]], "id": 1}),
        json!({"text": ADA, "spans": [{"start": 0, "end": 3, "label": "ORG"}], "answer": "reject"}),
        json!({"text": ADA, "label": [[0, 3, "ORG"]]}),
        json!({"text": ADA, "ents": []}),
    ];
    workshop.write("in.jsonl", annotated.iter().map(|record| format!("{record}\n")).collect::<String>());
    for options in ["", "--offsets utf16"] {
        workshop.run(&format!("apply {} in.jsonl out.jsonl -F {options}", model())).succeeded();
        for (record, annotated) in workshop.read("out.jsonl").lines().zip(&annotated) {
            let record: Value = serde_json::from_str(record).unwrap();
            assert_eq!(record["ents"], ada());
            for (key, value) in annotated.as_object().unwrap() {
                let is_field = ["text", "id"].contains(&key.as_str());
                assert_eq!(if is_field { &record[key] } else { &record["gold"][key] }, value);
            }
            assert_eq!(record.get("offsets").is_some(), !options.is_empty());
        }
        let run = workshop.run("convert out.jsonl - -t jsonl").succeeded();
        assert!(records(&run).iter().all(|record| record["ents"] == ada()), "{}", run.stdout);
        workshop.run(&format!("evaluate {} out.jsonl", model())).succeeded();
    }
}

#[test]
fn lines_of_files_and_of_stdin_are_texts_and_json_is_records() {
    let (found, note) = apply("a.txt", format!("{ADA}\n\n{ADA}\n"), "--lines");
    assert_eq!(
        found.iter().map(|record| record["text"].as_str().unwrap()).collect::<Vec<_>>(),
        [ADA, "", ADA]
    );
    assert_eq!(note, "");
    let (found, note) = apply("a.notes", format!("{ADA}\n{ADA}"), "");
    assert_eq!((found.len(), &found[0]["text"]), (1, &json!(format!("{ADA}\n{ADA}"))));
    assert!(note.contains("a.notes: read as one text"), "{note}");
    let input = format!("{}\n{}\n", json!({"text": ADA, "ents": []}), json!({"text": ADA, "n": 2}));
    let run = Workshop::new().run_with_input(&format!("apply {} - -", model()), input).succeeded();
    assert!(run.stderr.contains("stdin: read as jsonl"), "{}", run.stderr);
    let found = records(&run);
    assert_eq!(found[1], json!({"text": ADA, "ents": ada(), "n": 2}));
    assert_eq!(found[0]["ents"], ada());
}

#[test]
fn marks_and_encodings_of_texts_are_no_part_of_them() {
    let utf16: Vec<u8> = ADA.encode_utf16().chain([10]).flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{ADA}\n").into_bytes(), [&b"\xff\xfe"[..], &utf16].concat(), utf16] {
        let (found, _) = apply("a.txt", &bytes, "");
        assert_eq!((&found[0]["text"], &found[0]["ents"]), (&json!(format!("{ADA}\n")), &ada()));
        let run = Workshop::new().run_with_input(&format!("apply {} - -", model()), &bytes).succeeded();
        assert_eq!(records(&run), [json!({"text": ADA, "ents": ada()})]);
    }
    let (found, _) = apply("a.txt", b"caf\xe9", "--encoding windows-1252");
    assert_eq!(found[0]["text"], "café");
    let run = Workshop::new().run_with_input(&format!("apply {} - -", model()), b"fine\ncaf\xe9\nlast\n");
    assert_eq!((run.code, records(&run).len()), (Some(1), 1));
    for part in ["✘ stdin:2:4: the text is not in UTF-8 (byte 0xe9)", "windows-1252", "--skip-bad"] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

//! The commands of cases 31 and 36 of the field study: files that go through several forms one after the other.

use std::fs;
use std::path::{Path, PathBuf};

use ner_formats::ReadOptions;
use ner_formats::convert::{ConvertOptions, FileType, Output, convert_path};
use serde_json::Value;

/// Converts a file into a form, and gives back the new one and what was said of it.
fn convert(file: &Path, form: &str) -> (PathBuf, String) {
    let file_type: FileType = form.parse().unwrap();
    // No grouping of sentences, as `-n 0`.
    let read = ReadOptions { n_sents: 0, ..ReadOptions::default() };
    let options = ConvertOptions { file_type, read, ..ConvertOptions::default() };
    let folder = file.parent().unwrap().join(form);
    let mut said = String::new();
    convert_path(file, Output::Directory(&folder), &options, &mut |message| said += &format!("{message}\n"))
        .unwrap();
    (folder.join(file.file_name().unwrap()).with_extension(file_type.suffix()), said)
}

/// The tags of a file after it went through these forms, the last of which is training JSON.
fn tags(name: &str, text: &str, forms: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    for form in forms {
        (file, _) = convert(&file, form);
    }
    let json: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let paragraphs = json[0]["paragraphs"].as_array().unwrap();
    let sentences = paragraphs.iter().flat_map(|paragraph| paragraph["sentences"].as_array().unwrap());
    let tokens = sentences.flat_map(|sentence| sentence["tokens"].as_array().unwrap());
    tokens.map(|token| token["ner"].as_str().unwrap_or("(none)")).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check_tags(name: &str, text: &str, expected: &str) {
    for forms in [
        &["json"][..],
        &["spacy", "json"],
        &["spacy", "jsonl", "json"],
        &["jsonl", "prodigy", "spacy", "json"],
        &["json", "jsonl", "json"],
    ] {
        assert_eq!(tags(name, text, forms), expected, "{forms:?}");
    }
}

const ANSWERS: &str = r#"{"text": "Mira met Orr in Tovo.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "ner"}
{"text": "Mira met Orr in Tovo.", "spans": [{"start": 5, "end": 8, "label": "PERSON"}], "answer": "reject", "_view_id": "ner"}
"#;

#[test]
fn unknown_stays_unknown() {
    check_tags("answers.jsonl", ANSWERS, "U-PERSON - - - - -");
    let misfit = r#"{"text": "Mira met Orr in Tovo.", "entities": [[0, 3, "PERSON"], [16, 20, "GPE"]]}"#;
    check_tags("misfit.jsonl", misfit, "- O O O U-GPE O");
    let dash = r#"[{"id": 0, "paragraphs": [{"sentences": [{"tokens": [{"orth": "Mira", "ner": "U-PERSON"}, {"orth": "met", "ner": "-"}, {"orth": "Orr", "ner": "-"}, {"orth": "in", "ner": "O"}]}]}]}]"#;
    check_tags("dash.json", dash, "U-PERSON - - O");
}

#[test]
fn rejected_spans_stay_or_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    let answers = folder.path().join("answers.jsonl");
    fs::write(&answers, ANSWERS).unwrap();
    let (spacy, _) = convert(&answers, "spacy");
    let (lines, said) = convert(&spacy, "jsonl");
    assert!(!said.contains("cannot say"), "{said}");
    let record: Value = serde_json::from_str(&fs::read_to_string(lines).unwrap()).unwrap();
    let rejected = serde_json::json!({"start": 5, "end": 8, "label": "PERSON", "answer": "reject"});
    assert_eq!(record["ents"][1], rejected);
    assert_eq!(record["unknown"], serde_json::json!([[5, 21]]));
    let (_, said) = convert(&spacy, "json");
    let expected = "json cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn labels_stay_as_they_are() {
    let tagged = "Mira B-tax-percent\nOrr I-tax-percent\nTovo B-tax-amount\nrows O\n";
    check_tags("hyphen.conll", tagged, "B-tax-percent L-tax-percent U-tax-amount O");
    let long = "x".repeat(300);
    let labels = [
        "Multi-tissue_structure",
        "Örtlich/er",
        "two words",
        "B-X",
        "O",
        "-",
        "1",
        "a|b",
        &long,
        "PERSON ",
        "\u{200b}PERSON",
        "日本",
        "per\"son",
        "tab\there",
    ];
    for label in labels {
        let record = serde_json::json!({
            "text": "Mira rows in Tovo.", "entities": [[0, 4, label], [13, 17, "GPE"]]
        });
        check_tags("some.jsonl", &record.to_string(), &format!("U-{label} O O U-GPE O"));
    }
}

use std::collections::BTreeMap;

use indexmap::IndexMap;
use ner_transitions::{Action, Actions, LabelFrequencies};
use serde::Deserialize;
use serde_json::Value;

use crate::files::{for_each_row, names, reference, vocab};

/// Order does not count here: the bytes show it.
type LabelsMap = BTreeMap<String, BTreeMap<String, i64>>;

#[derive(Deserialize)]
struct OrderRow {
    kind: String,
    input: Value,
    classes: Vec<String>,
    labels_map: LabelsMap,
    moves_bytes_hex: String,
    classes_after_reload: Option<Vec<String>>,
}

#[test]
fn actions_are_numbered_and_stored_as_spacy_does() {
    for_each_row("label_order.jsonl", |row: OrderRow| {
        let frequencies = match row.kind.as_str() {
            "map" => serde_json::from_value(row.input).unwrap(),
            _ => frequencies_of_tags(row.input),
        };
        let actions = Actions::new(&frequencies);
        assert_eq!(names(&actions), row.classes);
        assert_eq!(labels_map(&actions), row.labels_map);
        assert_eq!(hex(&actions.to_bytes()), row.moves_bytes_hex);
        let reloaded = Actions::from_bytes(&actions.to_bytes()).unwrap();
        assert_eq!(names(&reloaded), row.classes_after_reload.unwrap_or(row.classes));
    });
}

#[derive(Deserialize)]
struct Operations {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    op: Value,
    error: Option<String>,
    classes: Vec<String>,
    labels_map: LabelsMap,
    labels: Option<Vec<String>>,
    move_names: Option<Vec<String>>,
    moves_bytes_hex: Option<String>,
}

#[test]
fn labels_are_added_and_initialized_as_in_spacy() {
    for_each_row("label_ops.jsonl", |operations: Operations| {
        let mut actions = Actions::without_labels();
        for step in operations.steps {
            let done = perform(&mut actions, &step);
            if step.error.is_some() {
                // spaCy leaves the component without actions behind; here it stays as it was.
                done.unwrap_err();
                continue;
            }
            done.unwrap();
            assert_eq!(names(&actions), step.classes);
            assert_eq!(labels_map(&actions), step.labels_map);
            assert_eq!(actions.labels(), step.labels.unwrap_or(actions.labels()));
            assert_eq!(move_names(&actions), step.move_names.unwrap_or(move_names(&actions)));
        }
    });
}

/// The names of all actions but the one for blocked tokens.
fn move_names(actions: &Actions) -> Vec<String> {
    let not_blocked = actions.iter().filter(|&(_, action)| action != Action::Blocked);
    not_blocked.map(|(id, _)| actions.name(id)).collect()
}

fn perform(actions: &mut Actions, step: &Step) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(bytes) = &step.moves_bytes_hex {
        assert_eq!(&hex(&actions.to_bytes()), bytes);
        *actions = Actions::from_bytes(&actions.to_bytes())?;
    } else if let Some(label) = step.op.get("add_label") {
        assert_eq!(actions.add_label(label.as_str().unwrap()), step.op["returned"] == 1);
    } else if let Some(tags) = step.op.get("initialize_from_tags") {
        actions.initialize(frequencies_of_tags(tags.clone()));
    } else {
        let frequencies = serde_json::from_value(step.op["initialize_with_labels"].clone())?;
        match step.op["key_type"].as_str() {
            Some("string") => actions.initialize_from_label_file(frequencies)?,
            _ => actions.initialize(frequencies),
        }
    }
    Ok(())
}

fn frequencies_of_tags(docs: Value) -> LabelFrequencies {
    let docs: Vec<Vec<String>> = serde_json::from_value(docs).unwrap();
    let vocab = vocab();
    let docs = docs.iter().map(|tags| {
        let known: Vec<_> = tags.iter().map(|tag| (tag != "-").then(|| tag.clone())).collect();
        reference(&vocab, &vec!["w"; tags.len()], &known, &[])
    });
    LabelFrequencies::from_docs(docs.collect::<Vec<_>>().iter())
}

fn labels_map(actions: &Actions) -> LabelsMap {
    let by_move = actions.frequencies().iter();
    let sorted =
        |labels: &IndexMap<String, i64>| labels.iter().map(|(label, &n)| (label.clone(), n)).collect();
    by_move.map(|(action_move, labels)| (u8::from(action_move).to_string(), sorted(labels))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

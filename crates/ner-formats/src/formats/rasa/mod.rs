//! Training data of Rasa: YAML with the key `nlu` (<https://rasa.com/docs/rasa/training-data-format>), and the markdown of
//! its first version.

mod example;
mod markdown;
mod section;
mod yaml;

use super::Records;
use crate::FormatError;
use crate::read::ReadOptions;
use crate::source::{Sample, Source};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    match sample.suffix().as_str() {
        // By name and by content, for prose in markdown and settings in YAML are no data.
        "yml" | "yaml" => sample.lines().any(|line| line.trim_end() == "nlu:"),
        "md" => sample.lines().any(markdown::is_head),
        _ => false,
    }
}

pub(super) fn read(source: &Source, _: &ReadOptions) -> Result<Records, FormatError> {
    let is_markdown = source.text().lines().any(markdown::is_head);
    let sections = if is_markdown { markdown::sections(source.text()) } else { yaml::sections(source)? };
    let mut records = Records::new();
    let mut left_out = Vec::new();
    for section in sections {
        match section.kind.as_str() {
            "intent" => {
                left_out.push(("intents", 1));
                records.extend(section.examples.iter().map(|example| example::record(source, example)));
            }
            "synonym" => left_out.push(("lists of synonyms", 1)),
            "regex" => left_out.push(("regular expressions", 1)),
            "lookup" => left_out.push(("lookup tables", 1)),
            _ => left_out.push(("sections of other kinds", 1)),
        }
    }
    // Told once for the file, by way of any record: sections are no records themselves.
    if let Some(Ok(record)) = records.iter_mut().find(|record| record.is_ok()) {
        record.left_out.extend(left_out);
    }
    Ok(records)
}

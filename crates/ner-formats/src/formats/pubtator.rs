//! PubTator: a title and an abstract, and below them a line of columns for each mention
//! (<https://www.ncbi.nlm.nih.gov/research/pubtator3/tutorial>).

use super::Records;
use crate::FormatError;
use crate::read::ReadOptions;
use crate::record::{RawSpan, Record};
use crate::source::{Sample, Source};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.lines().next().is_some_and(|line| section(line).is_some_and(|(_, kind, _)| kind == "t"))
}

/// The document, the kind and the text of a line such as `123|t|A title`.
fn section(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.splitn(3, '|');
    let (id, kind, text) = (parts.next()?, parts.next()?, parts.next()?);
    let is_id = !id.is_empty() && !id.contains(char::is_whitespace);
    (is_id && matches!(kind, "t" | "a")).then_some((id, kind, text))
}

pub(super) fn read(source: &Source, _: &ReadOptions) -> Result<Records, FormatError> {
    let mut records = Records::new();
    let mut document: Option<Result<Record, FormatError>> = None;
    for (index, line) in source.text().lines().enumerate() {
        let place = source.first().line(index + 1);
        if line.trim().is_empty() {
            records.extend(document.take());
            continue;
        }
        if let Some((_, "t", title)) = section(line) {
            records.extend(document.take());
            document = Some(Ok(Record::of_text(place, title, Vec::new())));
            continue;
        }
        // The first fault of a document stands for it.
        let added = match &mut document {
            Some(Ok(record)) => add(record, line),
            Some(Err(_)) => Some(()),
            None => None,
        };
        if added.is_none() {
            let found: String = line.chars().take(80).collect();
            let message = format!(
                "{found:?} is no line of PubTator; expected 123|t|title, below it 123|a|abstract, and for each mention \
                 123<tab>0<tab>4<tab>Mira<tab>Person<tab>ID"
            );
            document = Some(Err(FormatError::Malformed { place, message, code: None }));
        }
    }
    records.extend(document);
    Ok(records)
}

/// Adds a line to the document that is open.
fn add(record: &mut Record, line: &str) -> Option<()> {
    if let Some((_, "a", text)) = section(line) {
        // Offsets go on behind the title and one character after it.
        let title = record.text.get_or_insert_default();
        title.push(' ');
        title.push_str(text);
        return Some(());
    }
    let columns: Vec<&str> = line.split('\t').collect();
    match columns.as_slice() {
        // In the second column a mention has a number, and a relation its kind.
        [_, start, end, text, label, more @ ..] if start.parse::<usize>().is_ok() => {
            let span = RawSpan::new(start.parse().ok()?, end.parse().ok()?, *label).with_text(*text);
            let kb_id = more.first().copied().unwrap_or_default().to_owned();
            record.spans.get_or_insert_default().push(RawSpan { kb_id, ..span });
        }
        [_, kind, _, _, ..] if kind.parse::<usize>().is_err() => record.left_out.push(("relations", 1)),
        _ => return None,
    }
    Some(())
}

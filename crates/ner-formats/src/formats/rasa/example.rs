use serde_json::Value;

use super::section::Example;
use crate::FormatError;
use crate::account::SpanLoss;
use crate::record::{RawSpan, Record};
use crate::source::Source;

/// The text of an example, and its annotation as spans of it.
pub(super) fn record(source: &Source, example: &Example) -> Result<Record, FormatError> {
    let place = source.first().line(example.line);
    let mut record = Record::new(place.clone());
    let (mut text, mut n_chars, mut spans) = (String::new(), 0, Vec::new());
    for part in parts(&example.text) {
        let plain = match &part {
            Part::Plain(plain) | Part::Marked(plain, _) => plain,
        };
        let start = n_chars;
        n_chars += plain.chars().count();
        text.push_str(plain);
        let Part::Marked(_, mark) = part else { continue };
        let entity = mark.entity().ok_or_else(|| malformed(&place, plain, mark))?;
        record.left_out.push(("roles and groups", entity.n_roles));
        let more = entity.more_labels.iter();
        record
            .lost
            .extend(more.map(|label| (SpanLoss::SecondLabel, format!("{plain:?} is {label} as well"))));
        spans.push(RawSpan::new(start, n_chars, entity.label));
    }
    record.text = Some(text);
    record.spans = Some(spans);
    Ok(record)
}

fn malformed(place: &crate::Place, selected: &str, mark: Mark<'_>) -> FormatError {
    let found = match mark {
        Mark::Label(found) | Mark::Json(found) => found,
    };
    let message = format!(
        "{found:?} behind [{selected}] names no entity; expected (label), (label:value) or {{\"entity\": \"label\"}}"
    );
    FormatError::Malformed { place: place.clone(), message, code: None }
}

enum Part<'a> {
    Plain(&'a str),
    Marked(&'a str, Mark<'a>),
}

/// What stands behind the brackets: a label, with or without a value, or one JSON object or several.
#[derive(Clone, Copy)]
enum Mark<'a> {
    Label(&'a str),
    Json(&'a str),
}

struct Entity {
    label: String,
    more_labels: Vec<String>,
    n_roles: usize,
}

/// Marks are shorter than this. With a bound the search for the end of one that has none does not run to the end of the
/// text each time.
const MARK_BYTES: usize = 1024;

/// The parts of an example in their order.
fn parts(example: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), example);
    while let Some(close) = rest.find(']') {
        let (before, after) = (&rest[..close], &rest[close + 1..]);
        // The last bracket that opens is the one that this one closes.
        let selected = before.rfind('[').map(|open| (&before[..open], &before[open + 1..]));
        match selected.filter(|(_, selected)| !selected.is_empty()).zip(Mark::at_start_of(after)) {
            Some(((plain, selected), (mark, n_bytes))) => {
                parts.extend([Part::Plain(plain), Part::Marked(selected, mark)]);
                rest = &after[n_bytes..];
            }
            None => {
                parts.push(Part::Plain(&rest[..close + 1]));
                rest = after;
            }
        }
    }
    parts.push(Part::Plain(rest));
    parts
}

impl<'a> Mark<'a> {
    /// The mark that a text begins with, and its length in bytes.
    fn at_start_of(text: &'a str) -> Option<(Mark<'a>, usize)> {
        let text = &text[..text.floor_char_boundary(MARK_BYTES)];
        let up_to = |end: &str| text.find(end).map(|place| &text[..place + end.len()]);
        if text.starts_with('(') {
            let mark = up_to(")")?;
            Some((Mark::Label(&mark[1..mark.len() - 1]), mark.len()))
        } else if text.starts_with("[{") {
            up_to("}]").map(|mark| (Mark::Json(mark), mark.len()))
        } else if text.starts_with('{') {
            up_to("}").map(|mark| (Mark::Json(mark), mark.len()))
        } else {
            None
        }
    }

    /// The label, and what else it says; `None` if there is no label.
    fn entity(self) -> Option<Entity> {
        let objects: Vec<Value> = match self {
            Mark::Label(text) => {
                let label = text.split(':').next().unwrap_or_default().trim();
                let entity = Entity { label: label.to_owned(), more_labels: Vec::new(), n_roles: 0 };
                return (!label.is_empty()).then_some(entity);
            }
            Mark::Json(text) if text.starts_with('[') => serde_json::from_str(text).ok()?,
            Mark::Json(text) => vec![serde_json::from_str(text).ok()?],
        };
        let label = |object: &Value| Some(object.get("entity")?.as_str()?.to_owned());
        // Rasa lets one text be several entities; the first is taken, and the others are counted.
        let mut labels = objects.iter().map(label).collect::<Option<Vec<_>>>()?.into_iter();
        let label = labels.next().filter(|label| !label.is_empty())?;
        let has_role = |object: &&Value| object.get("role").is_some() || object.get("group").is_some();
        let n_roles = objects.iter().filter(has_role).count();
        Some(Entity { label, more_labels: labels.collect(), n_roles })
    }
}

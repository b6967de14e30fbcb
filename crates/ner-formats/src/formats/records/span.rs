use serde_json::Value;

use super::names::LabelNames;
use super::values::{Object, answer, first_of, index, present, string, unexpected};
use crate::account::SpanLoss;
use crate::record::{Bounds, RawSpan, Record, RecordError};

pub(super) const START_KEYS: [&str; 5] = ["start", "start_offset", "begin", "start_char", "startOffset"];
pub(super) const END_KEYS: [&str; 4] = ["end", "end_offset", "end_char", "endOffset"];
pub(super) const LABEL_KEYS: [&str; 7] = ["label", "labels", "type", "entity", "tag", "entity_type", "name"];

const SPAN_FORM: &str = "[start, end, \"LABEL\"] or an object with \"start\", \"end\" and \"label\"";

/// Spans as a record lists them, and those of them that an entity cannot be.
#[derive(Default)]
pub(in crate::formats) struct SpanList {
    spans: Vec<RawSpan>,
    lost: Vec<(SpanLoss, String)>,
}

impl SpanList {
    /// The spans of a list, each `[start, end, label]` or an object.
    pub(in crate::formats) fn read(
        values: &[Value],
        names: &LabelNames<'_>,
    ) -> Result<SpanList, RecordError> {
        let mut list = SpanList { spans: Vec::with_capacity(values.len()), lost: Vec::new() };
        for value in values {
            let (span, labels) = span(value).ok_or_else(|| unexpected("a span", value, SPAN_FORM))??;
            list.add(span, labels, names)?;
        }
        Ok(list)
    }

    /// Adds a span under the first of its labels; the others are lost, and a span without any is.
    pub(in crate::formats) fn add(
        &mut self,
        span: RawSpan,
        labels: &Value,
        names: &LabelNames<'_>,
    ) -> Result<(), RecordError> {
        let labels = match labels {
            Value::Array(labels) => labels.as_slice(),
            label => std::slice::from_ref(label),
        };
        let (Bounds::Own(start, end) | Bounds::Tokens(start, end)) = span.bounds;
        let Some((first, more)) = labels.split_first() else {
            self.lost.push((SpanLoss::NoLabel, format!("the span {start}..{end} has no label")));
            return Ok(());
        };
        let label = names.label("label", first)?;
        for second in more {
            let second = names.label("label", second)?;
            let text = format!("the span {start}..{end} ({label}) has the label {second} too");
            self.lost.push((SpanLoss::SecondLabel, text));
        }
        self.spans.push(RawSpan { label, ..span });
        Ok(())
    }

    /// The spans, and those that are lost.
    pub(in crate::formats) fn into_parts(self) -> (Vec<RawSpan>, Vec<(SpanLoss, String)>) {
        (self.spans, self.lost)
    }

    /// Makes them the spans of a record.
    pub(in crate::formats) fn give_to(self, record: &mut Record) {
        record.spans = Some(self.spans);
        record.lost.extend(self.lost);
    }
}

/// A span without its label, and the value that holds that; `None` if it is of neither form.
fn span(value: &Value) -> Option<Result<(RawSpan, &Value), RecordError>> {
    match value {
        Value::Array(parts) => triple(parts).map(Ok),
        Value::Object(object) => span_object(object).transpose(),
        _ => None,
    }
}

fn triple(parts: &[Value]) -> Option<(RawSpan, &Value)> {
    let [start, end, label @ (Value::String(_) | Value::Array(_) | Value::Number(_)), more @ ..] = parts
    else {
        return None;
    };
    let text = more.first().and_then(Value::as_str).map(str::to_owned);
    Some((RawSpan { text, ..RawSpan::new(index(start)?, index(end)?, "") }, label))
}

fn span_object(object: &Object) -> Result<Option<(RawSpan, &Value)>, RecordError> {
    let number = |keys: &[&str]| first_of(object, keys).and_then(index);
    // Prodigy names the last token, not the one after it.
    let tokens = number(&["token_start"]).zip(number(&["token_end"])).map(|(first, last)| (first, last + 1));
    let bounds = match (number(&START_KEYS).zip(number(&END_KEYS)), tokens) {
        (Some((start, end)), _) => Bounds::Own(start, end),
        (None, Some((first, end))) => Bounds::Tokens(first, end),
        (None, None) => return Ok(None),
    };
    let Some(label) = first_of(object, &LABEL_KEYS) else { return Ok(None) };
    let [kb_id, id] = ["kb_id", "id"]
        .map(|key| present(object, key).and_then(Value::as_str).unwrap_or_default().to_owned());
    let text = string(object, "text")?.or(string(object, "value")?);
    let span = RawSpan { bounds, tokens, kb_id, id, text, answer: answer(object)?, ..RawSpan::default() };
    Ok(Some((span, label)))
}

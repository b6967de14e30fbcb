//! The span groups of one document: a MessagePack map from the bytes of a group to the keys that it has. The bytes
//! of a group are a map again: its name, its attributes and its spans, each of 40 bytes in big-endian order.

use std::collections::BTreeMap;

use ner_doc::{Doc, SpanGroup, SpanRecord};
use ner_vocab::StringId;
use rmpv::Value;

use super::DocBinError;
use super::strings::Strings;

/// The bytes for no group at all: spaCy writes an empty list, not an empty map.
const NONE: [u8; 1] = [0x90];

const MAX_DEPTH: usize = 128;

/// Bytes that the groups of one document may have: more than 400 000 spans.
const MAX_BYTES: usize = 16 << 20;

/// The groups in `bytes`, of a document of `n_tokens`. Files of spaCy before 3.4 hold a list of groups without keys.
pub(super) fn unpack(
    bytes: &[u8],
    n_tokens: usize,
    strings: &mut Strings,
) -> Result<BTreeMap<String, SpanGroup>, DocBinError> {
    let mut groups = BTreeMap::new();
    if bytes.is_empty() || bytes == NONE {
        return Ok(groups);
    }
    if bytes.len() > MAX_BYTES {
        return Err(malformed(&format!("{} bytes for one document", bytes.len()), "16 MiB at most"));
    }
    let mut unpacker = Unpacker { n_tokens, strings };
    match value(bytes)? {
        Value::Map(entries) => {
            for (group, keys) in entries {
                let (_, group) = unpacker.group(&group)?;
                for key in keys.as_array().ok_or_else(|| malformed("keys of a group", "a list"))? {
                    groups.insert(text(key)?, group.clone());
                }
            }
        }
        Value::Array(list) => {
            for group in list {
                let (name, group) = unpacker.group(&group)?;
                if groups.insert(name.clone(), group).is_some() {
                    tracing::warn!(name, "Two span groups of this name; the later one is kept.");
                }
            }
        }
        _ => return Err(malformed("something else", "a map or a list of groups")),
    }
    Ok(groups)
}

struct Unpacker<'a> {
    n_tokens: usize,
    strings: &'a mut Strings,
}

impl Unpacker<'_> {
    /// The name of a group and the group.
    fn group(&mut self, packed: &Value) -> Result<(String, SpanGroup), DocBinError> {
        let bytes = packed.as_slice().ok_or_else(|| malformed("a group", "bytes"))?;
        let Value::Map(fields) = value(bytes)? else { return Err(malformed("a group", "a map")) };
        let (mut name, mut group) = (String::new(), SpanGroup::default());
        for (key, field) in fields {
            match key.as_str() {
                Some("name") => name = text(&field)?,
                Some("attrs") => group.attrs = attrs(&field)?,
                Some("spans") => {
                    let spans = field.as_array().ok_or_else(|| malformed("spans", "a list"))?;
                    group.spans =
                        spans.iter().map(|span| self.span(&name, span)).collect::<Result<_, _>>()?;
                }
                _ => {}
            }
        }
        Ok((name, group))
    }

    fn span(&mut self, group: &str, packed: &Value) -> Result<SpanRecord, DocBinError> {
        let bytes: &[u8; 40] = packed
            .as_slice()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| malformed("a span", "40 bytes"))?;
        // Three ids, then first token, end, first character and end. Characters follow from tokens, and are not read.
        let (ids, numbers) = (bytes[..24].as_chunks::<8>().0, bytes[24..].as_chunks::<4>().0);
        let [id, kb_id, label] = [0, 1, 2].map(|index| u64::from_be_bytes(ids[index]));
        let [start, end] = [0, 1].map(|index| i64::from(i32::from_be_bytes(numbers[index])));
        if start < 0 || start > end || end > self.n_tokens as i64 {
            let group = group.to_owned();
            return Err(DocBinError::Span { group, start, end, length: self.n_tokens });
        }
        let label = self.strings.keep(label).ok_or_else(|| DocBinError::UnknownString {
            token: start as usize,
            attribute: format!("the label of a span in group {group:?}"),
            id: label,
        })?;
        // Ids may be bare numbers that no string stands behind.
        let [id, kb_id] = [id, kb_id].map(|id| self.strings.keep(id).unwrap_or(StringId(id)));
        Ok(SpanRecord { start: start as usize, end: end as usize, label, kb_id, id })
    }
}

fn value(mut bytes: &[u8]) -> Result<Value, DocBinError> {
    rmpv::decode::read_value_with_max_depth(&mut bytes, MAX_DEPTH)
        .map_err(|error| malformed(&error.to_string(), "well-formed MessagePack"))
}

fn text(value: &Value) -> Result<String, DocBinError> {
    value.as_str().map(str::to_owned).ok_or_else(|| malformed("a name", "a string in UTF-8"))
}

fn attrs(value: &Value) -> Result<Vec<u8>, DocBinError> {
    match value.as_map() {
        Some(entries) if entries.is_empty() => Ok(Vec::new()),
        Some(_) => Ok(packed(value)),
        None => Err(malformed("attrs of a group", "a map")),
    }
}

fn malformed(found: &str, expected: &'static str) -> DocBinError {
    DocBinError::Malformed { field: "span_groups".to_owned(), found: found.to_owned(), expected }
}

/// The groups of a document as bytes. Each group is named by its key.
pub(super) fn pack(doc: &Doc) -> Vec<u8> {
    if doc.spans.is_empty() {
        return NONE.to_vec();
    }
    let offsets = char_offsets(doc);
    let entries = doc.spans.iter().map(|(key, group)| {
        let group = Value::Binary(packed(&group_value(key, group, &offsets)));
        (group, Value::Array(vec![key.as_str().into()]))
    });
    packed(&Value::Map(entries.collect()))
}

fn group_value(name: &str, group: &SpanGroup, offsets: &[(usize, usize)]) -> Value {
    let attrs = match value(&group.attrs) {
        Ok(attrs @ Value::Map(_)) => attrs,
        _ => Value::Map(Vec::new()),
    };
    let spans = group.spans.iter().map(|span| Value::Binary(span_bytes(span, offsets))).collect();
    Value::Map(vec![
        ("name".into(), name.into()),
        ("attrs".into(), attrs),
        ("spans".into(), Value::Array(spans)),
    ])
}

fn span_bytes(span: &SpanRecord, offsets: &[(usize, usize)]) -> Vec<u8> {
    let start_char = offsets.get(span.start).or(offsets.last()).map_or(0, |&(start, _)| start);
    // An empty span ends where it begins; there is no last token to ask.
    let end_char = if span.end == span.start { start_char } else { offsets[span.end - 1].1 };
    let mut bytes = Vec::with_capacity(40);
    for id in [span.id, span.kb_id, span.label] {
        bytes.extend(id.0.to_be_bytes());
    }
    for number in [span.start, span.end, start_char, end_char] {
        bytes.extend((number as i32).to_be_bytes());
    }
    bytes
}

/// Where each token starts and ends, in code points.
fn char_offsets(doc: &Doc) -> Vec<(usize, usize)> {
    let starts = doc.char_offsets().into_iter();
    starts.zip(&doc.tokens).map(|(start, token)| (start, start + token.lexeme.length as usize)).collect()
}

fn packed(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).expect("writing to memory cannot fail");
    bytes
}

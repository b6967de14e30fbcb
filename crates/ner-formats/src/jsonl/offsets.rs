use super::layout::Layout;
use super::record::{Answer, Bounds, Record};
use super::{RecordError, TextSpan};

/// The spans of a record in characters of its text, with the answers that they have of their own.
pub(super) fn text_spans(record: &Record) -> Result<Vec<(TextSpan, Option<Answer>)>, RecordError> {
    let Some(raw_spans) = &record.spans else { return Ok(Vec::new()) };
    let is_own_in_tokens = record.text.is_none();
    // Looking for the tokens in the text can fail, and is done only for a span that counts in tokens.
    let needs_tokens =
        is_own_in_tokens || raw_spans.iter().any(|span| matches!(span.bounds, Bounds::Tokens(..)));
    let offsets = if needs_tokens { word_offsets(record)? } else { Vec::new() };
    let spans = raw_spans.iter().map(|span| {
        let (start, end) = match span.bounds {
            Bounds::Own(start, end) if !is_own_in_tokens => (start, end),
            Bounds::Own(first, end) | Bounds::Tokens(first, end) => char_bounds(&offsets, first, end)?,
        };
        let (label, kb_id, id) = (span.label.clone(), span.kb_id.clone(), span.id.clone());
        Ok((TextSpan { start, end, label, kb_id, id }, span.answer))
    });
    spans.collect()
}

fn char_bounds(offsets: &[(usize, usize)], first: usize, end: usize) -> Result<(usize, usize), RecordError> {
    match offsets.get(first..end) {
        Some([(start, end)]) | Some([(start, _), .., (_, end)]) => Ok((*start, *end)),
        _ => Err(RecordError::Unexpected {
            key: "a span".to_owned(),
            found: format!("tokens {first}..{end} of {}", offsets.len()),
            expected: "at least one of the record's tokens",
        }),
    }
}

/// Where each word starts and ends, in code points.
fn word_offsets(record: &Record) -> Result<Vec<(usize, usize)>, RecordError> {
    let words = record.words.as_deref().unwrap_or_default();
    if let Some(text) = &record.text {
        return Ok(Layout::find(text, words)?.offsets);
    }
    let mut offset = 0;
    let offsets = words.iter().enumerate().map(|(index, word)| {
        let (start, end) = (offset, offset + word.chars().count());
        offset = end + usize::from(is_followed_by_space(record, index));
        (start, end)
    });
    Ok(offsets.collect())
}

/// The text of a record that has words alone.
pub(super) fn plain_text(record: &Record) -> String {
    let words = record.words.iter().flatten().enumerate();
    words
        .map(
            |(index, word)| {
                if is_followed_by_space(record, index) { format!("{word} ") } else { word.clone() }
            },
        )
        .collect()
}

fn is_followed_by_space(record: &Record, index: usize) -> bool {
    record.spaces.as_ref().is_none_or(|spaces| spaces[index])
}

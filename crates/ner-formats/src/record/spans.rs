use super::layout::Layout;
use super::raw::{Answer, Bounds, RawSpan, Record};
use super::text_index::TextIndex;
use super::{Offsets, RecordError, TextSpan};

/// The spans of a record in characters of its text, with the answers that they have of their own.
pub(super) fn text_spans(
    record: &Record,
    offsets: Offsets,
) -> Result<Vec<(TextSpan, Option<Answer>)>, RecordError> {
    let Some(raw_spans) = &record.spans else { return Ok(Vec::new()) };
    let mut places = Places::of(record, offsets);
    let spans = raw_spans.iter().map(|raw| {
        let (start, end, is_placed) = places.find(raw.bounds)?;
        let RawSpan { label, kb_id, id, mut text, answer, .. } = raw.clone();
        if let (None, Some((first, last)), Some(_)) = (&text, raw.tokens, &record.words) {
            let (token_start, token_end, _) = places.find(Bounds::Tokens(first, last))?;
            // The tokens say what the span is, as its text would; where both agree there is nothing to compare.
            text = ((start, end) != (token_start, token_end)).then(|| words_of(record, first, last));
        }
        let tokens = raw.tokens.filter(|_| record.words.is_none());
        Ok((TextSpan { start, end, label, kb_id, id, text, tokens, is_placed }, answer))
    });
    spans.collect()
}

/// The stretches of a record of which nothing is known, in characters.
pub(super) fn unknown_ranges(record: &Record, offsets: Offsets) -> Result<Vec<(usize, usize)>, RecordError> {
    let mut places = Places::of(record, offsets);
    let range = |bounds: &Bounds| places.find(*bounds).map(|(start, end, _)| (start, end));
    record.unknown.iter().map(range).collect()
}

/// Finds the characters of bounds; what it needs for that is made when it is needed first.
struct Places<'a> {
    record: &'a Record,
    offsets: Offsets,
    words: Option<Vec<(usize, usize)>>,
    index: Option<TextIndex>,
}

impl<'a> Places<'a> {
    fn of(record: &'a Record, offsets: Offsets) -> Places<'a> {
        let own = |unit| Offsets { unit, ..Offsets::default() };
        Places { record, offsets: record.unit.map_or(offsets, own), words: None, index: None }
    }

    /// Start and end in characters, and whether they are places of the text; if not, they are as given.
    fn find(&mut self, bounds: Bounds) -> Result<(usize, usize, bool), RecordError> {
        match (bounds, &self.record.text) {
            (Bounds::Own(start, end), Some(text)) => {
                let index = self.index.get_or_insert_with(|| TextIndex::of(text));
                Ok(match self.offsets.to_chars(index, start, end) {
                    Some((start, end)) => (start, end, true),
                    None => (start, end, false),
                })
            }
            (Bounds::Own(first, end) | Bounds::Tokens(first, end), _) => {
                // Looking for the words in the text can fail, and is done only for a span that counts in tokens.
                if self.words.is_none() {
                    self.words = Some(word_offsets(self.record)?);
                }
                let (start, end) = char_bounds(self.words.as_deref().unwrap_or_default(), first, end)?;
                Ok((start, end, true))
            }
        }
    }
}

fn words_of(record: &Record, first: usize, end: usize) -> String {
    record.words.as_ref().and_then(|words| words.get(first..end)).unwrap_or_default().concat()
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
    if let Some(text) = record.text.as_ref().filter(|_| !record.is_spelled_out()) {
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
        .flat_map(|(index, word)| [word.as_str(), if is_followed_by_space(record, index) { " " } else { "" }])
        .collect()
}

fn is_followed_by_space(record: &Record, index: usize) -> bool {
    record.spaces.as_ref().is_none_or(|spaces| spaces[index])
}

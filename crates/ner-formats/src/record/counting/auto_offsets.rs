//! How the spans of a file count, found out from all of them.

use ner_tokenizer::Tokenizer;

use super::Offsets;
use super::hypotheses::Hypotheses;
use super::text_index::TextIndex;
use crate::record::fit::Fit;
use crate::record::raw::RecordIter;
use crate::record::span::is_same_text;
use crate::record::{Bounds, Record};

/// Tries the hypotheses on the spans of a record that count in the unit of the file.
pub(in crate::record) fn weigh(hypotheses: &mut Hypotheses, record: &Record, fit: &Fit) {
    let (Some(text), Some(spans), None) = (&record.text, &record.spans, record.unit) else { return };
    let index = TextIndex::of(text);
    for span in spans {
        let Bounds::Own(start, end) = span.bounds else { continue };
        let selects = |start, end| {
            span.text.as_ref().is_none_or(|own| is_same_text(index.slice(text, start, end), own))
        };
        hypotheses.weigh(&index, fit, (start, end), &selects, span.text.is_some());
    }
}

/// The offsets under which all spans of the file fit, and a line about it. All records are held for that.
pub(in crate::record) fn choose_offsets<'a>(
    records: RecordIter<'a>,
    tokenizer: &Tokenizer,
) -> (RecordIter<'a>, Offsets, Option<String>) {
    let records: Vec<_> = records.collect();
    let mut hypotheses = Hypotheses::default();
    for record in records.iter().flatten() {
        if record.check().is_ok()
            && let Ok(doc) = record.tokens(tokenizer)
        {
            weigh(&mut hypotheses, record, &Fit::to(&doc));
        }
    }
    let best = hypotheses.best();
    let finding = match best {
        Some(best) if best == Offsets::default() => None,
        Some(best) => Some(format!("read with --offsets {best}: {}", best.explanation())),
        None => Some("no way to count makes all spans fit; offsets are taken as characters".to_owned()),
    };
    (Box::new(records.into_iter()), best.unwrap_or_default(), finding)
}

use std::ops::Range;

use ner_doc::{Doc, DocError, EntIob, Entity, SpanRecord};
use ner_vocab::StringId;

use super::{RecordError, TextSpan};

/// Where the tokens of a document start and end, so that spans of characters find theirs.
pub(super) struct Fit {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

/// The tokens of a span: exactly those, or those that it touches without fitting them.
pub(super) enum Found {
    Exactly(Range<usize>),
    Touched(Range<usize>),
}

impl Fit {
    pub(super) fn to(doc: &Doc) -> Fit {
        let starts = doc.char_offsets();
        let ends = starts.iter().zip(&doc.tokens).map(|(start, token)| start + token.lexeme.length as usize);
        Fit { ends: ends.collect(), starts }
    }

    pub(super) fn find(&self, span: &TextSpan) -> Found {
        match (self.starts.binary_search(&span.start), self.ends.binary_search(&span.end)) {
            (Ok(first), Ok(last)) if first <= last => Found::Exactly(first..last + 1),
            _ => {
                // Tokens that end before the span or start behind it are not touched.
                let first = self.ends.partition_point(|&end| end <= span.start);
                let last = self.starts.partition_point(|&start| start < span.end);
                Found::Touched(first..last.max(first))
            }
        }
    }
}

/// Sets the entities of `doc`; `default` is what all other tokens become. Returns the spans that do not fit, with
/// the tokens that they touch, which become unknown. The spans do not overlap.
pub(super) fn set_entities(
    doc: &mut Doc,
    spans: &[TextSpan],
    default: EntIob,
) -> Result<Vec<(TextSpan, Range<usize>)>, DocError> {
    // A span without a label says that its tokens are outside, as in spaCy's examples.
    let fit = Fit::to(doc);
    let (mut entities, mut outside, mut misfits) = (Vec::new(), Vec::new(), Vec::new());
    for span in spans {
        match fit.find(span) {
            Found::Exactly(tokens) if span.label.is_empty() => outside.push(tokens),
            Found::Exactly(tokens) => entities.push((tokens, span)),
            Found::Touched(tokens) => misfits.push((span.clone(), tokens)),
        }
    }
    let strings = doc.vocab().clone();
    let entity = |(tokens, span): &(Range<usize>, &TextSpan)| Entity {
        start: tokens.start,
        end: tokens.end,
        label: strings.strings().add(&span.label),
    };
    doc.set_entities(&entities.iter().map(entity).collect::<Vec<_>>(), default)?;
    for (tokens, span) in entities {
        let [kb_id, id] = [&span.kb_id, &span.id].map(|id| strings.strings().add(id));
        for token in &mut doc.tokens[tokens] {
            (token.ent_kb_id, token.ent_id) = (kb_id, id);
        }
    }
    let missing = misfits.iter().map(|(_, tokens)| (tokens.clone(), EntIob::Missing));
    for (tokens, iob) in outside.into_iter().map(|tokens| (tokens, EntIob::Out)).chain(missing) {
        doc.tokens[tokens].iter_mut().for_each(|token| token.ent_iob = iob);
    }
    Ok(misfits)
}

/// Adds spans to a group of `doc`. Returns those that do not fit, with the tokens that they touch.
pub(super) fn add_to_group(doc: &mut Doc, key: &str, spans: &[TextSpan]) -> Vec<(TextSpan, Range<usize>)> {
    let fit = Fit::to(doc);
    let mut misfits = Vec::new();
    for span in spans {
        match fit.find(span) {
            Found::Exactly(tokens) => {
                let label = doc.vocab().strings().add(&span.label);
                let (kb_id, id) = (StringId::EMPTY, StringId::EMPTY);
                let record = SpanRecord { start: tokens.start, end: tokens.end, label, kb_id, id };
                doc.spans.entry(key.to_owned()).or_default().spans.push(record);
            }
            Found::Touched(tokens) => misfits.push((span.clone(), tokens)),
        }
    }
    misfits
}

/// Refuses spans of which two share a character, even if they are the same (spaCy's E103).
pub(super) fn check_overlap(spans: &[TextSpan]) -> Result<(), RecordError> {
    let mut sorted: Vec<&TextSpan> = spans.iter().collect();
    sorted.sort_by_key(|span| (span.start, span.end));
    match sorted.array_windows().find(|[first, second]| first.overlaps(second)) {
        Some([first, second]) => {
            Err(RecordError::Overlap(Box::new((*first).clone()), Box::new((*second).clone())))
        }
        None => Ok(()),
    }
}

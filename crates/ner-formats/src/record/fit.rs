use std::collections::HashSet;
use std::ops::Range;

use ner_doc::{Doc, DocError, EntIob, Entity, SpanRecord};
use ner_vocab::StringId;

use super::counting::TextIndex;
use super::span::is_same_text;
use super::{RecordError, TextSpan};
use crate::account::SpanLoss;

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

    /// The tokens of the characters `start..end`.
    pub(super) fn find(&self, start: usize, end: usize) -> Found {
        match (self.starts.binary_search(&start), self.ends.binary_search(&end)) {
            (Ok(first), Ok(last)) if first <= last => Found::Exactly(first..last + 1),
            _ => {
                // Tokens that end before the span or start behind it are not touched.
                let first = self.ends.partition_point(|&token_end| token_end <= start);
                let last = self.starts.partition_point(|&token_start| token_start < end);
                Found::Touched(first..last.max(first))
            }
        }
    }
}

/// A span that is lost, why, and the tokens that it touches.
pub(super) type Lost = (TextSpan, SpanLoss, Range<usize>);

/// Sets the entities of `doc`; `default` is what all other tokens become. Returns the spans that are lost; the tokens
/// that they touch become unknown. The spans do not overlap.
pub(super) fn set_entities(
    doc: &mut Doc,
    fit: &Fit,
    spans: &[TextSpan],
    default: EntIob,
) -> Result<Vec<Lost>, DocError> {
    // A span without a label says that its tokens are outside, as in spaCy's examples.
    let text = if spans.iter().any(|span| span.text.is_some()) { doc.text() } else { String::new() };
    let index = TextIndex::of(&text);
    let selects = |span: &TextSpan, own: &String| is_same_text(index.slice(&text, span.start, span.end), own);
    let (mut entities, mut outside, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for span in spans {
        match fit.find(span.start, span.end) {
            Found::Touched(tokens) => lost.push((span.clone(), SpanLoss::Misfit, tokens)),
            Found::Exactly(tokens) if !span.is_placed => lost.push((span.clone(), SpanLoss::Misfit, tokens)),
            Found::Exactly(tokens) if span.text.as_ref().is_some_and(|own| !selects(span, own)) => {
                lost.push((span.clone(), SpanLoss::TextDiffers, tokens));
            }
            Found::Exactly(tokens) if span.label.is_empty() => outside.push(tokens),
            Found::Exactly(tokens) if doc.tokens[tokens.clone()].iter().all(|token| token.is_space()) => {
                lost.push((span.clone(), SpanLoss::WhiteSpace, tokens));
            }
            Found::Exactly(tokens) => entities.push((tokens, span)),
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
    // Of white space something is known: that it is no entity.
    let unknown = lost.iter().filter(|(_, loss, _)| *loss != SpanLoss::WhiteSpace);
    let missing = unknown.map(|(_, _, tokens)| (tokens.clone(), EntIob::Missing));
    for (tokens, iob) in outside.into_iter().map(|tokens| (tokens, EntIob::Out)).chain(missing) {
        for token in doc.tokens[tokens].iter_mut() {
            // A span that is lost may touch an entity that is not; that one stays whole.
            if iob != EntIob::Missing || matches!(token.ent_iob, EntIob::Out | EntIob::Missing) {
                token.ent_iob = iob;
            }
        }
    }
    Ok(lost)
}

/// Adds spans to a group of `doc`. Returns those that do not fit, with the tokens that they touch.
pub(super) fn add_to_group(doc: &mut Doc, fit: &Fit, key: &str, spans: &[TextSpan]) -> Vec<Lost> {
    let mut misfits = Vec::new();
    for span in spans {
        match fit.find(span.start, span.end) {
            Found::Exactly(tokens) if span.is_placed => {
                let label = doc.vocab().strings().add(&span.label);
                let (kb_id, id) = (StringId::EMPTY, StringId::EMPTY);
                let record = SpanRecord { start: tokens.start, end: tokens.end, label, kb_id, id };
                doc.spans.entry(key.to_owned()).or_default().spans.push(record);
            }
            Found::Exactly(tokens) | Found::Touched(tokens) => {
                misfits.push((span.clone(), SpanLoss::Misfit, tokens));
            }
        }
    }
    misfits
}

/// Takes spans out that stand there twice, and returns them.
pub(super) fn take_duplicates(spans: &mut Vec<TextSpan>) -> Vec<TextSpan> {
    let mut seen = HashSet::with_capacity(spans.len());
    spans.extract_if(.., |span| !seen.insert((span.start, span.end, span.label.clone()))).collect()
}

/// Refuses spans of which two share a character (spaCy's E103). Those whose bounds are no places of the text are lost
/// anyway.
pub(super) fn check_overlap(spans: &[TextSpan]) -> Result<(), RecordError> {
    let mut sorted: Vec<&TextSpan> = spans.iter().filter(|span| span.is_placed).collect();
    sorted.sort_by_key(|span| (span.start, span.end));
    match sorted.array_windows().find(|[first, second]| first.overlaps(second)) {
        Some([first, second]) => {
            Err(RecordError::Overlap(Box::new((*first).clone()), Box::new((*second).clone())))
        }
        None => Ok(()),
    }
}

/// Makes tokens unknown that are not entities.
pub(super) fn set_unknown(doc: &mut Doc, fit: &Fit, unknown: &[(usize, usize)]) {
    for (start, end) in unknown {
        let (Found::Exactly(tokens) | Found::Touched(tokens)) = fit.find(*start, *end);
        for token in doc.tokens[tokens].iter_mut().filter(|token| token.ent_iob == EntIob::Out) {
            token.ent_iob = EntIob::Missing;
        }
    }
}

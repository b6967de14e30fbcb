//! Spans of a record onto the tokens of its document, and what does not fit them.

use std::ops::Range;

use ner_doc::{Doc, EntIob};

use super::counting::TextIndex;
use super::docs::RecordDocs;
use super::fit::{Fit, Found, Lost, add_to_group, set_entities};
use super::{RecordError, TextSpan};
use crate::Place;
use crate::account::INCORRECT_SPANS;
use crate::account::SpanLoss;

impl RecordDocs<'_> {
    /// Sets the entities of a document; tokens that no span covers become `unlabelled`.
    pub(super) fn annotate(
        &mut self,
        doc: &mut Doc,
        fit: &Fit,
        spans: &[TextSpan],
        unlabelled: EntIob,
        place: &Place,
    ) -> Result<(), RecordError> {
        let lost = set_entities(doc, fit, spans, unlabelled)?;
        for (span, named) in spans.iter().filter_map(|span| Some((span, other_tokens(span, fit)?))) {
            self.account.other_tokens.add(|| {
                let end = named.end.min(doc.len());
                let named = doc.span_text(named.start.min(end)..end);
                let selected = doc.text();
                let selected = TextIndex::of(&selected).slice(&selected, span.start, span.end).to_owned();
                format!("{place}: {span} is {selected:?}, its tokens are {named:?}")
            });
        }
        let n_lost_outside = lost.iter().filter(|(span, ..)| span.label.is_empty()).count();
        self.account.outside += spans.iter().filter(|span| span.label.is_empty()).count() - n_lost_outside;
        self.report(doc, lost, place);
        Ok(())
    }

    /// Adds spans that are known to be wrong.
    pub(super) fn reject(&mut self, doc: &mut Doc, fit: &Fit, spans: &[TextSpan], place: &Place) {
        let lost = add_to_group(doc, fit, INCORRECT_SPANS, spans);
        self.report(doc, lost, place);
    }

    fn report(&mut self, doc: &Doc, lost: Vec<Lost>, place: &Place) {
        if lost.is_empty() {
            return;
        }
        let text = doc.text();
        let index = TextIndex::of(&text);
        for (span, loss, tokens) in lost {
            let selected = index.slice(&text, span.start, span.end);
            let touches_none = tokens.is_empty();
            // Tokens of another entity, and those around a rejected span, stay what they were.
            let unknown = doc.tokens[tokens].iter().filter(|token| token.ent_iob == EntIob::Missing);
            let unknown: Vec<&str> = unknown.map(|token| token.text()).collect();
            self.account.lose(loss, || {
                let cause = cause(&span, loss, selected, touches_none, index.n_chars());
                let effect = match unknown.as_slice() {
                    [] => String::new(),
                    unknown => format!("; the tokens {unknown:?} count as unknown"),
                };
                format!("{place}: {cause}{effect}")
            });
        }
    }
}

/// The tokens that a span names, if it fits others.
fn other_tokens(span: &TextSpan, fit: &Fit) -> Option<Range<usize>> {
    let (first, end) = span.tokens?;
    match fit.find(span.start, span.end) {
        Found::Exactly(tokens) if tokens != (first..end) => Some(first..end),
        _ => None,
    }
}

/// A span that is lost, and why.
fn cause(span: &TextSpan, loss: SpanLoss, selected: &str, touches_none: bool, n_chars: usize) -> String {
    let cause = match (loss, &span.text) {
        (SpanLoss::TextDiffers, Some(own)) => format!("says {own:?}, but its offsets select {selected:?}"),
        (SpanLoss::WhiteSpace, _) => format!("{selected:?}, is white space alone"),
        _ if span.end == span.start => "is empty".to_owned(),
        _ if span.end < span.start => "ends before it starts".to_owned(),
        _ if !span.is_placed && span.end > n_chars => {
            format!("lies outside of the text of {n_chars} characters")
        }
        _ if !span.is_placed => "begins or ends inside of a character".to_owned(),
        _ if touches_none => format!("{selected:?}, touches no token"),
        _ if selected.trim() != selected => format!("{selected:?}, begins or ends with white space"),
        _ => format!("{selected:?}, does not begin and end where tokens do"),
    };
    let joint = if cause.starts_with('"') { "," } else { "" };
    format!("{span}{joint} {cause}")
}

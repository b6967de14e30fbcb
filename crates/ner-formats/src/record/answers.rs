//! Prodigy's decisions about one text, merged into one annotation.

use super::TextSpan;
use super::raw::{Answer, Record};
use crate::Place;

/// A span that was decided upon, and the record that did.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub(super) span: TextSpan,
    pub(super) place: Place,
}

/// Two decisions that contradict each other: the later one holds.
#[derive(Clone, Debug)]
pub(super) struct Contradiction {
    pub(super) place: Place,
    pub(super) dropped: Place,
    /// The spans of the decision that is dropped.
    pub(super) spans: Vec<TextSpan>,
    /// Whether the decisions are about the whole text.
    is_whole: bool,
}

impl Contradiction {
    /// The contradiction in words.
    pub(super) fn text(&self, text: &str) -> String {
        let Contradiction { place, dropped, spans, is_whole } = self;
        match spans.first().filter(|_| !is_whole) {
            Some(span) => {
                format!("{place}: contradicts what {dropped} says of {span} in {text:?}, which is dropped")
            }
            None => format!("{place}: annotates {text:?} otherwise than {dropped}, which is dropped"),
        }
    }
}

/// All that was decided about one text.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    /// The first record, for its text and its tokens.
    pub(super) record: Record,
    /// The entities of the whole text, if someone went through all of it.
    complete: Option<(Vec<TextSpan>, Place)>,
    accepted: Vec<Decision>,
    rejected: Vec<Decision>,
    pub(super) contradictions: Vec<Contradiction>,
    /// Decisions that say what an earlier one says.
    pub(super) repeated: Vec<(TextSpan, Place)>,
}

/// The outcome of all decisions.
pub(super) struct Merged {
    /// Spans that are entities.
    pub(super) entities: Vec<TextSpan>,
    /// Spans that are not entities.
    pub(super) incorrect: Vec<TextSpan>,
    /// Whether everything else is known to be outside.
    pub(super) is_complete: bool,
}

impl Answers {
    pub(super) fn new(record: Record) -> Answers {
        Answers {
            record,
            complete: None,
            accepted: Vec::new(),
            rejected: Vec::new(),
            contradictions: Vec::new(),
            repeated: Vec::new(),
        }
    }

    /// The annotator went through the whole text and left these entities.
    pub(super) fn annotate(&mut self, spans: Vec<TextSpan>, place: &Place) {
        if let Some((before, dropped)) = self.complete.take() {
            // The same annotation twice is not a contradiction, in whatever order its spans stand.
            if is_same_set(&before, &spans) {
                self.repeated.extend(before.into_iter().map(|span| (span, dropped.clone())));
            } else {
                let place = place.clone();
                let contradiction = Contradiction { place, dropped, spans: before, is_whole: true };
                self.contradictions.push(contradiction);
            }
        }
        self.complete = Some((spans, place.clone()));
    }

    /// The annotator accepted one span.
    pub(super) fn accept(&mut self, span: TextSpan, place: &Place) {
        drop_where(&mut self.rejected, &mut self.contradictions, place, |other| other.is_same(&span));
        // A token belongs to one entity at most, so a span that overlaps an accepted one contradicts it.
        drop_where(&mut self.accepted, &mut self.contradictions, place, |other| {
            other.overlaps(&span) && !other.is_same(&span)
        });
        keep(&mut self.accepted, &mut self.repeated, span, place);
    }

    /// The annotator rejected one span.
    pub(super) fn reject(&mut self, span: TextSpan, place: &Place) {
        // Rejected spans may overlap others: a longer or a shorter one is wrong where one is right.
        drop_where(&mut self.accepted, &mut self.contradictions, place, |other| other.is_same(&span));
        keep(&mut self.rejected, &mut self.repeated, span, place);
    }

    /// Whether nothing was decided: there is no document then.
    pub(super) fn is_empty(&self) -> bool {
        self.complete.is_none() && self.accepted.is_empty() && self.rejected.is_empty()
    }

    /// The outcome. An annotation of the whole text overrides answers about single spans.
    pub(super) fn merge(&mut self) -> Merged {
        let Some((entities, place)) = self.complete.take() else {
            let entities = spans(&self.accepted);
            return Merged { entities, incorrect: spans(&self.rejected), is_complete: false };
        };
        let is_entity = |span: &TextSpan| entities.iter().any(|entity| entity.is_same(span));
        drop_where(&mut self.accepted, &mut self.contradictions, &place, |span| !is_entity(span));
        drop_where(&mut self.rejected, &mut self.contradictions, &place, is_entity);
        self.repeated.extend(self.accepted.drain(..).map(|decision| (decision.span, decision.place)));
        Merged { incorrect: spans(&self.rejected), entities, is_complete: true }
    }
}

/// Whether a record answers a question about single spans, rather than being a complete annotation. Prodigy says so in
/// `_view_id`; older versions do by an answer at each span. A rejection is about the span, unless the task was to
/// annotate.
pub(super) fn is_question(record: &Record) -> bool {
    match (&record.view_id, &record.spans) {
        (_, None) => false,
        // Only this view asks about single spans.
        (Some(view_id), _) => view_id == "ner",
        (None, Some(spans)) => {
            record.answer == Some(Answer::Reject) || spans.iter().any(|span| span.answer.is_some())
        }
    }
}

fn drop_where(
    decisions: &mut Vec<Decision>,
    contradictions: &mut Vec<Contradiction>,
    place: &Place,
    contradicts: impl Fn(&TextSpan) -> bool,
) {
    for Decision { span, place: dropped } in decisions.extract_if(.., |other| contradicts(&other.span)) {
        let place = place.clone();
        contradictions.push(Contradiction { place, dropped, spans: vec![span], is_whole: false });
    }
}

fn keep(decisions: &mut Vec<Decision>, repeated: &mut Vec<(TextSpan, Place)>, span: TextSpan, place: &Place) {
    if decisions.iter().any(|decision| decision.span.is_same(&span)) {
        repeated.push((span, place.clone()));
    } else {
        decisions.push(Decision { span, place: place.clone() });
    }
}

fn spans(decisions: &[Decision]) -> Vec<TextSpan> {
    decisions.iter().map(|decision| decision.span.clone()).collect()
}

fn is_same_set(a: &[TextSpan], b: &[TextSpan]) -> bool {
    let contains = |spans: &[TextSpan], span: &TextSpan| spans.iter().any(|other| other.is_same(span));
    a.len() == b.len() && a.iter().all(|span| contains(b, span))
}

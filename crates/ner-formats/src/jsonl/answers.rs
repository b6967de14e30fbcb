//! Prodigy's decisions about one text, merged into one annotation.

use super::TextSpan;
use super::record::{Answer, Record};

/// A span that was decided upon, and the line that did.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub(super) span: TextSpan,
    pub(super) line: usize,
}

/// Two decisions that contradict each other: the later one holds.
#[derive(Clone, Debug)]
pub(super) struct Contradiction {
    pub(super) line: usize,
    pub(super) dropped_line: usize,
    pub(super) span: Option<TextSpan>,
}

/// All that was decided about one text.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    /// The first record, for its text and its tokens.
    pub(super) record: Record,
    pub(super) line: usize,
    /// The entities of the whole text, if someone went through all of it.
    complete: Option<(Vec<TextSpan>, usize)>,
    accepted: Vec<Decision>,
    rejected: Vec<Decision>,
    pub(super) contradictions: Vec<Contradiction>,
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
    pub(super) fn new(record: Record, line: usize) -> Answers {
        Answers {
            record,
            line,
            complete: None,
            accepted: Vec::new(),
            rejected: Vec::new(),
            contradictions: Vec::new(),
        }
    }

    /// The annotator went through the whole text and left these entities.
    pub(super) fn annotate(&mut self, spans: Vec<TextSpan>, line: usize) {
        // The same annotation twice is not a contradiction, in whatever order its spans stand.
        if let Some((before, dropped_line)) = &self.complete
            && !is_same_set(before, &spans)
        {
            self.contradictions.push(Contradiction { line, dropped_line: *dropped_line, span: None });
        }
        self.complete = Some((spans, line));
    }

    /// The annotator accepted one span.
    pub(super) fn accept(&mut self, span: TextSpan, line: usize) {
        drop_where(&mut self.rejected, &mut self.contradictions, line, |other| other.is_same(&span));
        // A token belongs to one entity at most, so a span that overlaps an accepted one contradicts it.
        drop_where(&mut self.accepted, &mut self.contradictions, line, |other| {
            other.overlaps(&span) && !other.is_same(&span)
        });
        keep(&mut self.accepted, span, line);
    }

    /// The annotator rejected one span.
    pub(super) fn reject(&mut self, span: TextSpan, line: usize) {
        // Rejected spans may overlap others: a longer or a shorter one is wrong where one is right.
        drop_where(&mut self.accepted, &mut self.contradictions, line, |other| other.is_same(&span));
        keep(&mut self.rejected, span, line);
    }

    /// Whether nothing was decided: there is no document then.
    pub(super) fn is_empty(&self) -> bool {
        self.complete.is_none() && self.accepted.is_empty() && self.rejected.is_empty()
    }

    /// The outcome. An annotation of the whole text overrides answers about single spans.
    pub(super) fn merge(&mut self) -> Merged {
        let Some((entities, line)) = self.complete.take() else {
            let entities = spans(&self.accepted);
            return Merged { entities, incorrect: spans(&self.rejected), is_complete: false };
        };
        let is_entity = |span: &TextSpan| entities.iter().any(|entity| entity.is_same(span));
        drop_where(&mut self.accepted, &mut self.contradictions, line, |span| !is_entity(span));
        drop_where(&mut self.rejected, &mut self.contradictions, line, is_entity);
        Merged { incorrect: spans(&self.rejected), entities, is_complete: true }
    }
}

/// Whether a record answers a question about single spans, rather than being a complete annotation. Prodigy says so in
/// `_view_id`; older versions do by an answer at each span. A rejection is about the span, unless the task was to
/// annotate.
pub(super) fn is_question(record: &Record) -> bool {
    match (&record.view_id, &record.spans) {
        (_, None) => false,
        (Some(view_id), _) => view_id == "ner",
        (None, Some(spans)) => {
            record.answer == Some(Answer::Reject) || spans.iter().any(|span| span.answer.is_some())
        }
    }
}

fn drop_where(
    decisions: &mut Vec<Decision>,
    contradictions: &mut Vec<Contradiction>,
    line: usize,
    contradicts: impl Fn(&TextSpan) -> bool,
) {
    decisions.retain(|decision| {
        let is_dropped = contradicts(&decision.span);
        if is_dropped {
            let span = Some(decision.span.clone());
            contradictions.push(Contradiction { line, dropped_line: decision.line, span });
        }
        !is_dropped
    });
}

fn keep(decisions: &mut Vec<Decision>, span: TextSpan, line: usize) {
    if !decisions.iter().any(|decision| decision.span.is_same(&span)) {
        decisions.push(Decision { span, line });
    }
}

fn spans(decisions: &[Decision]) -> Vec<TextSpan> {
    decisions.iter().map(|decision| decision.span.clone()).collect()
}

fn is_same_set(a: &[TextSpan], b: &[TextSpan]) -> bool {
    let contains = |spans: &[TextSpan], span: &TextSpan| spans.iter().any(|other| other.is_same(span));
    a.len() == b.len() && a.iter().all(|span| contains(b, span))
}

use super::text_index::TextIndex;
use super::{OffsetUnit, Offsets};
use crate::record::fit::{Fit, Found};

/// Ways in which the spans of a file may count, those under which all that were met fit. The first explains a file whose
/// spans are lost as they stand.
pub(in crate::record) struct Hypotheses {
    unrefuted: Vec<Offsets>,
    n_spans: usize,
    /// Spans that carry their text.
    n_texts: usize,
}

impl Default for Hypotheses {
    fn default() -> Hypotheses {
        let mut all = Vec::new();
        // By simplicity: where two explain a file, the one that departs less is meant.
        for (shift, is_end_inclusive) in
            [(0, false), (0, true), (-1, false), (1, false), (-1, true), (1, true)]
        {
            for unit in [OffsetUnit::Chars, OffsetUnit::Utf16, OffsetUnit::Bytes] {
                all.push(Offsets { unit, is_end_inclusive, shift, has_crlf: false });
            }
            if shift == 0 {
                all.push(Offsets { is_end_inclusive, has_crlf: true, ..Offsets::default() });
            }
        }
        Hypotheses { unrefuted: all, n_spans: 0, n_texts: 0 }
    }
}

impl Hypotheses {
    /// Tries them on a span of a document.
    pub(in crate::record) fn weigh(
        &mut self,
        index: &TextIndex,
        fit: &Fit,
        (start, end): (usize, usize),
        selects: &dyn Fn(usize, usize) -> bool,
        has_text: bool,
    ) {
        self.n_spans += 1;
        self.n_texts += usize::from(has_text);
        self.unrefuted.retain(|offsets| {
            offsets.to_chars(index, start, end).is_some_and(|(start, end)| {
                matches!(fit.find(start, end), Found::Exactly(_)) && selects(start, end)
            })
        });
    }

    /// The simplest way in which all spans fit, if there is one.
    pub(in crate::record) fn best(&self) -> Option<Offsets> {
        self.unrefuted.first().copied().filter(|_| self.n_spans > 0)
    }

    /// What explains that `n_lost` spans do not fit as `given`; `None` if nothing does.
    pub(in crate::record) fn explanation(&self, given: Offsets, n_lost: usize) -> Option<String> {
        let n_spans = self.n_spans;
        // One span among others is a slip of an annotator, and fits under some departure by chance.
        if n_lost == 0 || n_lost == 1 && n_spans > 1 {
            return None;
        }
        // Each departure takes a span to show it: any few spans fit under some combination by chance.
        let best = self.best().filter(|best| *best != given && best.n_departures() <= n_lost)?;
        let evidence = match self.n_texts {
            0 => String::new(),
            n_texts => format!(", of which {n_texts} by their own text too"),
        };
        Some(format!(
            "every span fits if {} ({n_spans} of {n_spans}{evidence}): say --offsets {best} (or offsets = \"{best}\" in a config)",
            best.explanation()
        ))
    }
}

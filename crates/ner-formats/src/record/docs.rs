use indexmap::IndexMap;
use ner_doc::{Doc, EntIob};
use ner_tokenizer::Tokenizer;

use super::answers::Answers;
use super::counting::{Hypotheses, choose_offsets, weigh};
use super::fit::{Fit, check_overlap, set_unknown, take_duplicates};
use super::raw::RecordIter;
use super::spans::{text_spans, unknown_ranges};
use super::unannotated::Unannotated;
use super::{Answer, OffsetChoice, Offsets, Record, TextSpan};
use crate::FormatError;
use crate::account::{Account, RecordLoss, SpanLoss};
use crate::tags::{Scheme, set_tags};

/// How records become documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordSettings {
    /// How spans count.
    pub(crate) offsets: OffsetChoice,
    /// The scheme of tags; `None`: as the letters of a record show.
    pub(crate) scheme: Option<Scheme>,
    /// Go on after a record that cannot be read, and count it.
    pub(crate) skips_bad: bool,
}

/// Documents out of records.
///
/// Records with Prodigy's `answer` come last, merged by text: accepted spans are entities, rejected spans go to a
/// span group, and all other tokens are missing, unless a record annotates the whole text. Of decisions that
/// contradict each other the later holds. A record that cannot be read is an error, after which the next call continues.
pub(crate) struct RecordDocs<'a> {
    pub(super) records: RecordIter<'a>,
    pub(super) tokenizer: &'a Tokenizer,
    pub(super) settings: RecordSettings,
    pub(super) offsets: Offsets,
    pub(super) answers: IndexMap<String, Answers>,
    pub(super) hypotheses: Hypotheses,
    pub(super) unannotated: Unannotated,
    pub(super) account: Account,
}

impl<'a> RecordDocs<'a> {
    /// Texts without tokens are split by the tokenizer. `account` knows the file and the format.
    pub(crate) fn new(
        records: RecordIter<'a>,
        tokenizer: &'a Tokenizer,
        settings: RecordSettings,
        account: Account,
    ) -> RecordDocs<'a> {
        let (records, offsets, finding) = match settings.offsets {
            OffsetChoice::Given(offsets) => (records, offsets, None),
            OffsetChoice::Auto => choose_offsets(records, tokenizer),
        };
        let mut account = account;
        account.findings.extend(finding);
        RecordDocs {
            records,
            tokenizer,
            settings,
            offsets,
            answers: IndexMap::new(),
            hypotheses: Hypotheses::default(),
            unannotated: Unannotated::default(),
            account,
        }
    }

    /// The account of what went in and was lost so far; documents that came out are not counted yet.
    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// The same, to count documents as they are passed on.
    pub(crate) fn account_mut(&mut self) -> &mut Account {
        &mut self.account
    }

    /// The document of a record; `None` if it has to wait for other decisions about its text.
    fn take(&mut self, mut record: Record) -> Result<Option<Doc>, FormatError> {
        if record.loss.is_some() {
            self.set_aside(&record);
            return Ok(None);
        }
        let place = record.place.clone();
        let problem = |problem| FormatError::Record { place: place.clone(), problem };
        record.check().map_err(problem)?;
        // Other decisions about the same text may follow anywhere in the file.
        if record.answer.is_some() {
            self.take_answer(record).map_err(problem)?;
            return Ok(None);
        }
        let mut doc = record.tokens(self.tokenizer)?;
        let mut n_tagged = 0;
        if let Some(tags) = &record.tags {
            n_tagged = set_tags(&mut doc, tags, self.settings.scheme).map_err(problem)?;
        }
        if record.spans.is_some() {
            let spans = text_spans(&record, self.offsets).map_err(problem)?;
            let is_rejected = |(_, answer): &(TextSpan, Option<Answer>)| *answer == Some(Answer::Reject);
            let (rejected, spans): (Vec<_>, Vec<_>) = spans.into_iter().partition(is_rejected);
            let mut spans: Vec<_> = spans.into_iter().map(|(span, _)| span).collect();
            let rejected: Vec<_> = rejected.into_iter().map(|(span, _)| span).collect();
            let duplicates = take_duplicates(&mut spans);
            check_overlap(&spans).map_err(problem)?;
            let unknown = unknown_ranges(&record, self.offsets).map_err(problem)?;
            let n_spans = record.n_spans();
            let fit = Fit::to(&doc);
            weigh(&mut self.hypotheses, &record, &fit);
            self.annotate(&mut doc, &fit, &spans, EntIob::Out, &place).map_err(problem)?;
            self.reject(&mut doc, &fit, &rejected, &place);
            set_unknown(&mut doc, &fit, &unknown);
            // Counted once nothing can fail any more, so that a record that is skipped is not counted in part.
            self.account.spans += n_spans;
            for span in duplicates {
                self.account.lose(SpanLoss::Duplicate, || format!("{place}: {span} stands there twice"));
            }
        }
        self.account.spans += n_tagged;
        self.leave_behind(&record);
        if record.spans.is_none() && record.tags.is_none() {
            self.unannotated.add(&mut record);
        }
        Ok(Some(doc))
    }

    /// Counts a record that makes no document, and its spans.
    fn set_aside(&mut self, record: &Record) {
        let Some((loss, text)) = &record.loss else { return };
        let place = &record.place;
        self.account.lose_record(*loss, || format!("{place}: {text}"));
        self.account.spans += record.n_spans();
        for span in record.spans.iter().flatten() {
            self.account.lose(SpanLoss::Ignored, || format!("{place}: {:?}, and {text}", span.label));
        }
        self.leave_behind(record);
    }

    /// Counts what the format could not carry over.
    pub(super) fn leave_behind(&mut self, record: &Record) {
        for (loss, text) in &record.lost {
            self.account.lose(*loss, || format!("{}: {text}", record.place));
        }
        for (name, count) in &record.left_out {
            self.account.leave_out(name, *count);
        }
        self.account.findings.extend(record.findings.iter().cloned());
    }

    /// What is known of the file once all of it was read.
    fn conclude(&mut self) {
        let lost = |loss| self.account.spans_lost.get(&loss).map_or(0, |tally| tally.count);
        let n_lost = lost(SpanLoss::Misfit) + lost(SpanLoss::TextDiffers);
        self.account.findings.extend(self.hypotheses.explanation(self.offsets, n_lost));
        self.account.findings.extend(self.unannotated.finding(self.account.records));
        if self.account.outside > 0 {
            let n_outside = self.account.outside;
            self.account.findings.push(format!(
                "spans with an empty label say that their tokens are outside of entities ({n_outside})"
            ));
        }
    }

    /// Counts a record that cannot be read. Gives the error back unless the reader is to go on.
    pub(super) fn fail(&mut self, error: FormatError) -> Result<(), FormatError> {
        self.account.lose_record(RecordLoss::Unreadable, || error.to_string());
        if self.settings.skips_bad && !error.is_of_file() { Ok(()) } else { Err(error) }
    }

    fn next_doc(&mut self) -> Result<Option<Doc>, FormatError> {
        while let Some(record) = self.records.next() {
            self.account.records += 1;
            match record.and_then(|record| self.take(record)) {
                Ok(Some(doc)) => return Ok(Some(doc)),
                Ok(None) => {}
                Err(error) => self.fail(error)?,
            }
        }
        // From the front, so that documents come in the order in which their texts were first met.
        while let Some((text, answers)) = self.answers.shift_remove_index(0) {
            if let Some(doc) = self.finish(&text, answers)? {
                return Ok(Some(doc));
            }
        }
        self.conclude();
        Ok(None)
    }
}

impl Iterator for RecordDocs<'_> {
    type Item = Result<Doc, FormatError>;

    fn next(&mut self) -> Option<Result<Doc, FormatError>> {
        self.next_doc().transpose()
    }
}

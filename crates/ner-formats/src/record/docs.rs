use indexmap::IndexMap;
use ner_doc::{Doc, EntIob};
use ner_tokenizer::Tokenizer;

use super::answers::{Answers, Merged, is_question};
use super::fit::{Fit, Found, Lost, add_to_group, check_overlap, set_entities, take_duplicates};
use super::hypotheses::Hypotheses;
use super::span::is_same_text;
use super::spans::{plain_text, text_spans, unknown_ranges};
use super::text_index::TextIndex;
use super::unannotated::Unannotated;
use super::{Answer, Bounds, OffsetChoice, Offsets, Record, RecordError, TextSpan};
use crate::account::{Account, RecordLoss, SpanLoss};
use crate::tags::{Scheme, set_tags};
use crate::{FormatError, Place};

/// The span group for spans that are known to be wrong, in spaCy's configs and here.
pub const INCORRECT_SPANS: &str = "incorrect_spans";

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
    records: RecordIter<'a>,
    tokenizer: &'a Tokenizer,
    settings: RecordSettings,
    offsets: Offsets,
    answers: IndexMap<String, Answers>,
    hypotheses: Hypotheses,
    unannotated: Unannotated,
    /// Spans whose numbers of tokens are not those of the tokens that they are found at.
    n_other_tokens: usize,
    account: Account,
}

/// The records of a file, in their order.
pub(crate) type RecordIter<'a> = Box<dyn Iterator<Item = Result<Record, FormatError>> + Send + 'a>;

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
            n_other_tokens: 0,
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
        let mut doc = tokens(self.tokenizer, &record)?;
        if let Some(tags) = &record.tags {
            let n_entities = set_tags(&mut doc, tags, self.settings.scheme).map_err(problem)?;
            self.account.spans += n_entities;
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
            self.weigh(&record, &doc, &spans);
            self.annotate(&mut doc, &spans, EntIob::Out, &place).map_err(problem)?;
            self.reject(&mut doc, &rejected, &place);
            set_unknown(&mut doc, &unknown);
            // Counted once nothing can fail any more, so that a record that is skipped is not counted in part.
            self.account.spans += n_spans;
            for span in duplicates {
                self.account.lose(SpanLoss::Duplicate, || format!("{place}: {span} stands there twice"));
            }
        }
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
    fn leave_behind(&mut self, record: &Record) {
        for (loss, text) in &record.lost {
            self.account.lose(*loss, || format!("{}: {text}", record.place));
        }
        for (name, count) in &record.left_out {
            self.account.leave_out(name, *count);
        }
        self.account.findings.extend(record.findings.iter().cloned());
    }

    fn take_answer(&mut self, record: Record) -> Result<(), RecordError> {
        let answer = record.answer.unwrap_or(Answer::Ignore);
        let spans = text_spans(&record, self.offsets)?;
        let is_question = is_question(&record);
        let mut plain: Vec<_> = spans.iter().map(|(span, _)| span.clone()).collect();
        let duplicates = take_duplicates(&mut plain);
        let is_left = matches!((answer, is_question), (Answer::Ignore, _) | (Answer::Reject, false));
        if !is_question && !is_left {
            check_overlap(&plain)?;
        }
        self.account.answers[answer as usize] += 1;
        self.account.spans += record.n_spans();
        self.leave_behind(&record);
        let place = record.place.clone();
        // A whole text that was rejected says nothing about its entities, and makes no document.
        if is_left {
            let (loss, text) = match answer {
                Answer::Reject => (RecordLoss::Refused, "the annotator refused the text"),
                _ => (RecordLoss::Ignored, "the annotator ignored the text"),
            };
            self.account.lose_record(loss, || format!("{place}: {text}"));
            for (span, _) in spans {
                self.account.lose(SpanLoss::Ignored, || format!("{place}: {span}, and {text}"));
            }
            return Ok(());
        }
        // By the text: hashes such as Prodigy's are not in the records of other tools.
        let key = record.text.clone().unwrap_or_else(|| plain_text(&record));
        let account = &mut self.account;
        account.joined += usize::from(self.answers.contains_key(&key));
        let answers = self.answers.entry(key).or_insert_with(|| Answers::new(record));
        if !is_question {
            for span in duplicates {
                account.lose(SpanLoss::Duplicate, || format!("{place}: {span} stands there twice"));
            }
            answers.annotate(plain, &place);
            return Ok(());
        }
        for (span, own_answer) in spans {
            match own_answer.unwrap_or(answer) {
                Answer::Accept => answers.accept(span, &place),
                Answer::Reject => answers.reject(span, &place),
                Answer::Ignore => account.lose(SpanLoss::Ignored, || format!("{place}: {span} was ignored")),
            }
        }
        Ok(())
    }

    /// The document of all decisions about one text; `None` if nothing was decided.
    fn finish(&mut self, text: &str, mut answers: Answers) -> Result<Option<Doc>, FormatError> {
        // Merged before its contradictions are reported, for it finds more of them.
        let merged = (!answers.is_empty()).then(|| answers.merge());
        let place = answers.record.place.clone();
        for conflict in &answers.contradictions {
            self.account.conflicts.add(|| conflict.text(text));
            for span in &conflict.spans {
                let by = &conflict.place;
                self.account
                    .lose(SpanLoss::Contradicted, || format!("{}: {span}, by {by}", conflict.dropped));
            }
        }
        for (span, place) in &answers.repeated {
            self.account.lose(SpanLoss::Duplicate, || format!("{place}: {span} was said before"));
        }
        let Some(merged) = merged else {
            self.account
                .lose_record(RecordLoss::Ignored, || format!("{place}: nothing was decided of the text"));
            return Ok(None);
        };
        let doc = self.decided(&answers.record, &merged).map(Some);
        doc.or_else(|error| {
            for span in merged.entities.iter().chain(&merged.incorrect) {
                self.account
                    .lose(SpanLoss::Ignored, || format!("{place}: {span}, and its text cannot be read"));
            }
            self.fail(error).map(|()| None)
        })
    }

    /// The document of the first record about a text, with what was decided in all of them.
    fn decided(&mut self, record: &Record, merged: &Merged) -> Result<Doc, FormatError> {
        let place = &record.place;
        let problem = |problem| FormatError::Record { place: place.clone(), problem };
        let mut doc = tokens(self.tokenizer, record)?;
        let unlabelled = if merged.is_complete { EntIob::Out } else { EntIob::Missing };
        self.weigh(record, &doc, &merged.entities);
        self.annotate(&mut doc, &merged.entities, unlabelled, place).map_err(problem)?;
        self.reject(&mut doc, &merged.incorrect, place);
        Ok(doc)
    }

    fn annotate(
        &mut self,
        doc: &mut Doc,
        spans: &[TextSpan],
        unlabelled: EntIob,
        place: &Place,
    ) -> Result<(), RecordError> {
        let fit = Fit::to(doc);
        let lost = set_entities(doc, &fit, spans, unlabelled)?;
        self.n_other_tokens += spans.iter().filter(|span| names_other_tokens(span, &fit)).count();
        let n_lost_outside = lost.iter().filter(|(span, ..)| span.label.is_empty()).count();
        self.account.outside += spans.iter().filter(|span| span.label.is_empty()).count() - n_lost_outside;
        self.report(doc, lost, place);
        Ok(())
    }

    /// Adds spans that are known to be wrong.
    fn reject(&mut self, doc: &mut Doc, spans: &[TextSpan], place: &Place) {
        let lost = add_to_group(doc, &Fit::to(doc), INCORRECT_SPANS, spans);
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
            let tokens: Vec<&str> = doc.tokens[tokens].iter().map(|token| token.text()).collect();
            self.account.lose(loss, || {
                format!("{place}: {}", describe(&span, loss, selected, &tokens, index.n_chars()))
            });
        }
    }

    /// Tries the hypotheses about offsets on the spans of a text.
    fn weigh(&mut self, record: &Record, doc: &Doc, spans: &[TextSpan]) {
        if !spans.is_empty() {
            weigh(&mut self.hypotheses, record, doc);
        }
    }

    /// What is known of the file once all of it was read.
    fn conclude(&mut self) {
        let lost = |loss| self.account.spans_lost.get(&loss).map_or(0, |tally| tally.count);
        let n_lost = lost(SpanLoss::Misfit) + lost(SpanLoss::TextDiffers);
        let explanation = std::mem::take(&mut self.hypotheses).explanation(self.offsets, n_lost);
        self.account.findings.extend(explanation);
        self.account.findings.extend(self.unannotated.finding(self.account.records));
        // Told and no more: the record does not hold the tokens, and another tokenizer may have counted them.
        if self.n_other_tokens > 0 {
            self.account.findings.push(format!(
                "the `token_start` and `token_end` of {} spans name other tokens than their characters do; the characters \
                 hold, and if they are wrong, take them out",
                self.n_other_tokens
            ));
        }
        if self.account.outside > 0 {
            let n_outside = self.account.outside;
            self.account.findings.push(format!(
                "{n_outside} spans have an empty label; their tokens are taken to be outside of entities"
            ));
        }
    }

    /// Counts a record that cannot be read. Gives the error back unless the reader is to go on.
    fn fail(&mut self, error: FormatError) -> Result<(), FormatError> {
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

/// The tokens of a record: its own, or those of its text.
fn tokens(tokenizer: &Tokenizer, record: &Record) -> Result<Doc, FormatError> {
    let problem = |problem| FormatError::Record { place: record.place.clone(), problem };
    match record.doc(tokenizer.vocab()).map_err(problem)? {
        Some(doc) => Ok(doc),
        None => {
            let text = record.text.as_deref().unwrap_or_default();
            let place = record.place.clone();
            tokenizer.tokenize(text).map_err(|source| FormatError::Tokenizer { place, source })
        }
    }
}

/// Whether a span fits tokens, and says that it is of others.
fn names_other_tokens(span: &TextSpan, fit: &Fit) -> bool {
    span.tokens.is_some_and(|(first, end)| match fit.find(span.start, span.end) {
        Found::Exactly(tokens) => tokens != (first..end),
        Found::Touched(_) => false,
    })
}

fn set_unknown(doc: &mut Doc, unknown: &[(usize, usize)]) {
    if unknown.is_empty() {
        return;
    }
    let fit = Fit::to(doc);
    for (start, end) in unknown {
        let (Found::Exactly(tokens) | Found::Touched(tokens)) = fit.find(*start, *end);
        for token in doc.tokens[tokens].iter_mut().filter(|token| token.ent_iob == EntIob::Out) {
            token.ent_iob = EntIob::Missing;
        }
    }
}

/// Tries the hypotheses on the spans of a record that count in the unit of the file.
fn weigh(hypotheses: &mut Hypotheses, record: &Record, doc: &Doc) {
    let (Some(text), Some(spans), None) = (&record.text, &record.spans, record.unit) else { return };
    let (index, fit) = (TextIndex::of(text), Fit::to(doc));
    for span in spans {
        let Bounds::Own(start, end) = span.bounds else { continue };
        let selects = |start, end| {
            span.text.as_ref().is_none_or(|own| is_same_text(index.slice(text, start, end), own))
        };
        hypotheses.weigh(&index, &fit, (start, end), &selects, span.text.is_some());
    }
}

/// The offsets under which all spans of the file fit, and a line about it. All records are held for that.
fn choose_offsets<'a>(
    records: RecordIter<'a>,
    tokenizer: &Tokenizer,
) -> (RecordIter<'a>, Offsets, Option<String>) {
    let records: Vec<_> = records.collect();
    let mut hypotheses = Hypotheses::default();
    for record in records.iter().flatten() {
        if record.check().is_ok()
            && let Ok(doc) = tokens(tokenizer, record)
        {
            weigh(&mut hypotheses, record, &doc);
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

/// A span that is lost, the cause, and what to look at.
fn describe(span: &TextSpan, loss: SpanLoss, selected: &str, tokens: &[&str], n_chars: usize) -> String {
    let cause = match (loss, &span.text) {
        (SpanLoss::TextDiffers, Some(own)) => format!("says {own:?}, its offsets select {selected:?}"),
        (SpanLoss::WhiteSpace, _) => format!("{selected:?}, is white space alone"),
        _ if span.end == span.start => "is empty".to_owned(),
        _ if span.end < span.start => "ends before it starts".to_owned(),
        _ if !span.is_placed && span.end > n_chars => {
            format!("lies outside of the text of {n_chars} characters")
        }
        _ if !span.is_placed => "begins or ends inside of a character".to_owned(),
        _ if tokens.is_empty() => format!("{selected:?}, touches no token"),
        _ if selected.trim() != selected => format!("{selected:?}, begins or ends with white space"),
        _ => format!("{selected:?}, does not begin and end where tokens do"),
    };
    let joint = if cause.starts_with('"') { "," } else { "" };
    match tokens {
        [] => format!("{span}{joint} {cause}"),
        tokens => format!("{span}{joint} {cause}; nothing is known now of the tokens {tokens:?}"),
    }
}

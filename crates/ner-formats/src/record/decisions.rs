//! Records with answers: decisions about one text, wherever they stand in the file.

use ner_doc::{Doc, EntIob};

use super::answers::{Answers, Merged, is_question};
use super::counting::weigh;
use super::docs::RecordDocs;
use super::fit::{Fit, check_overlap, take_duplicates};
use super::spans::text_spans;
use super::{Answer, Record, RecordError};
use crate::FormatError;
use crate::account::{RecordLoss, SpanLoss};

impl RecordDocs<'_> {
    /// Keeps the decisions of a record for the document of its text.
    pub(super) fn take_answer(&mut self, record: Record) -> Result<(), RecordError> {
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
        let key = record.text.clone().unwrap_or_else(|| record.plain_text());
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
    pub(super) fn finish(&mut self, text: &str, mut answers: Answers) -> Result<Option<Doc>, FormatError> {
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
        let mut doc = record.tokens(self.tokenizer)?;
        let unlabelled = if merged.is_complete { EntIob::Out } else { EntIob::Missing };
        let fit = Fit::to(&doc);
        weigh(&mut self.hypotheses, record, &fit);
        self.annotate(&mut doc, &fit, &merged.entities, unlabelled, place).map_err(problem)?;
        self.reject(&mut doc, &fit, &merged.incorrect, place);
        Ok(doc)
    }
}

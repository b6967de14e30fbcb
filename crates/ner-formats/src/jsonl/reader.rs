use std::io::BufRead;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use ner_doc::{Doc, EntIob};
use ner_tokenizer::Tokenizer;

use super::answers::{Answers, is_question};
use super::fit::{add_to_group, check_overlap, set_entities};
use super::lines::JsonLines;
use super::offsets::{plain_text, text_spans};
use super::record::{Answer, Record};
use super::{Conflict, Misfit, RecordError, Report, TextSpan};
use crate::{FormatError, Place};

/// How records become documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonlSettings {
    /// The span group for spans that are known to be wrong.
    pub incorrect_spans_key: String,
    /// The tag of tokens that no span covers; `None`: outside in a complete annotation, missing where only single spans were
    /// decided.
    pub unlabelled: Option<EntIob>,
}

impl Default for JsonlSettings {
    fn default() -> JsonlSettings {
        JsonlSettings { incorrect_spans_key: "incorrect_spans".to_owned(), unlabelled: None }
    }
}

/// Documents out of JSON Lines.
///
/// Records with Prodigy's `answer` come last, merged by text: accepted spans are entities, rejected spans go to a
/// span group, and all other tokens are missing, unless a record annotates the whole text. Of decisions that
/// contradict each other the later holds. A record that cannot be read is an error, after which the next call continues.
pub struct JsonlReader<'a, R> {
    lines: JsonLines<R>,
    file: Arc<Path>,
    /// The line of the last record.
    line: usize,
    tokenizer: &'a Tokenizer,
    settings: JsonlSettings,
    answers: IndexMap<String, Answers>,
    report: Report,
}

impl<'a, R: BufRead> JsonlReader<'a, R> {
    /// Reads from `lines`; `file` is their name in errors. Texts without tokens are split by the tokenizer.
    pub fn new(
        lines: R,
        file: impl Into<Arc<Path>>,
        tokenizer: &'a Tokenizer,
        settings: JsonlSettings,
    ) -> JsonlReader<'a, R> {
        let file = file.into();
        JsonlReader {
            lines: JsonLines::new(lines, file.clone()),
            file,
            line: 0,
            tokenizer,
            settings,
            answers: IndexMap::new(),
            report: Report::default(),
        }
    }

    /// The account of the records so far; complete once there are no more documents.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The account of the records.
    pub fn into_report(self) -> Report {
        self.report
    }

    fn place(&self, line: usize) -> Place {
        Place::file(self.file.clone()).line(line)
    }

    fn problem(&self, line: usize) -> impl Fn(RecordError) -> FormatError {
        let place = self.place(line);
        move |problem| FormatError::Record { place: place.clone(), problem }
    }

    /// The document of a record; `None` if it has to wait for other decisions about its text.
    fn take(&mut self, record: Record) -> Result<Option<Doc>, FormatError> {
        self.report.n_records += 1;
        // Other decisions about the same text may follow anywhere in the file.
        if record.answer.is_some() {
            self.take_answer(record)?;
            return Ok(None);
        }
        let spans = record
            .spans
            .is_some()
            .then(|| text_spans(&record))
            .transpose()
            .map_err(self.problem(self.line))?;
        let mut doc = self.tokens(&record, self.line)?;
        if let Some(spans) = spans {
            let spans: Vec<_> = spans.into_iter().map(|(span, _)| span).collect();
            check_overlap(&spans).map_err(self.problem(self.line))?;
            self.annotate(&mut doc, &spans, EntIob::Out, self.line)?;
        }
        Ok(Some(doc))
    }

    fn take_answer(&mut self, record: Record) -> Result<(), FormatError> {
        let answer = record.answer.unwrap_or(Answer::Ignore);
        self.report.n_answers[answer as usize] += 1;
        let spans = text_spans(&record).map_err(self.problem(self.line))?;
        let (line, is_question) = (self.line, is_question(&record));
        match (answer, is_question) {
            // A whole text that was rejected says nothing about its entities, and makes no document.
            (Answer::Ignore, _) => return Ok(()),
            (Answer::Reject, false) => {
                self.report.n_excluded += 1;
                return Ok(());
            }
            _ => {}
        }
        let plain: Vec<_> = spans.iter().map(|(span, _)| span.clone()).collect();
        if !is_question {
            check_overlap(&plain).map_err(self.problem(line))?;
        }
        // By the text: hashes such as Prodigy's are not in the records of other tools.
        let key = record.text.clone().unwrap_or_else(|| plain_text(&record));
        let answers = self.answers.entry(key).or_insert_with(|| Answers::new(record, line));
        if !is_question {
            answers.annotate(plain, line);
            return Ok(());
        }
        for (span, own_answer) in spans {
            match own_answer.unwrap_or(answer) {
                Answer::Accept => answers.accept(span, line),
                Answer::Reject => answers.reject(span, line),
                Answer::Ignore => {}
            }
        }
        Ok(())
    }

    /// The document of all decisions about one text; `None` if nothing was decided.
    fn finish(&mut self, text: String, mut answers: Answers) -> Result<Option<Doc>, FormatError> {
        // Merged before its contradictions are reported, for it finds more of them.
        let merged = (!answers.is_empty()).then(|| answers.merge());
        for conflict in &answers.contradictions {
            self.report.conflicts.push(Conflict {
                place: self.place(conflict.line),
                dropped: self.place(conflict.dropped_line),
                span: conflict.span.clone(),
                text: text.clone(),
            });
        }
        let Some(merged) = merged else { return Ok(None) };
        let mut doc = self.tokens(&answers.record, answers.line)?;
        let unlabelled = if merged.is_complete { EntIob::Out } else { EntIob::Missing };
        self.annotate(&mut doc, &merged.entities, unlabelled, answers.line)?;
        let misfits = add_to_group(&mut doc, &self.settings.incorrect_spans_key, &merged.incorrect);
        self.report_misfits(&doc, misfits, answers.line);
        for span in doc.spans.values().flat_map(|group| &group.spans) {
            self.report.count(&doc, span.label).n_rejected += 1;
        }
        Ok(Some(doc))
    }

    fn tokens(&self, record: &Record, line: usize) -> Result<Doc, FormatError> {
        match record.doc(self.tokenizer.vocab()).map_err(self.problem(line))? {
            Some(doc) => Ok(doc),
            None => {
                let text = record.text.as_deref().unwrap_or_default();
                let place = self.place(line);
                self.tokenizer.tokenize(text).map_err(|source| FormatError::Tokenizer { place, source })
            }
        }
    }

    fn annotate(
        &mut self,
        doc: &mut Doc,
        spans: &[TextSpan],
        unlabelled: EntIob,
        line: usize,
    ) -> Result<(), FormatError> {
        let unlabelled = self.settings.unlabelled.unwrap_or(unlabelled);
        let misfits = set_entities(doc, spans, unlabelled)
            .map_err(|source| FormatError::Doc { place: self.place(line), source })?;
        self.report_misfits(doc, misfits, line);
        self.report.n_unknown_tokens +=
            doc.tokens.iter().filter(|token| token.ent_iob == EntIob::Missing).count();
        for token in doc.tokens.iter().filter(|token| token.ent_iob == EntIob::Begin) {
            self.report.count(doc, token.ent_type).n_accepted += 1;
        }
        Ok(())
    }

    fn report_misfits(&mut self, doc: &Doc, misfits: Vec<(TextSpan, Range<usize>)>, line: usize) {
        let text = if misfits.is_empty() { String::new() } else { doc.text() };
        for (span, tokens) in misfits {
            let misfit = Misfit {
                place: self.place(line),
                text: text.chars().skip(span.start).take(span.end.saturating_sub(span.start)).collect(),
                tokens: doc.tokens[tokens].iter().map(|token| token.text().to_owned()).collect(),
                span,
            };
            tracing::debug!(%misfit, "A span does not fit the tokens.");
            self.report.misfits.push(misfit);
        }
    }

    fn next_doc(&mut self) -> Result<Option<Doc>, FormatError> {
        while let Some((line, value)) = self.lines.next().transpose()? {
            self.line = line;
            let record = Record::from_json(&value).map_err(self.problem(self.line))?;
            if let Some(doc) = self.take(record)? {
                return Ok(Some(doc));
            }
        }
        // From the front, so that documents come in the order in which their texts were first met.
        while let Some((text, answers)) = self.answers.shift_remove_index(0) {
            if let Some(doc) = self.finish(text, answers)? {
                return Ok(Some(doc));
            }
        }
        Ok(None)
    }
}

impl<R: BufRead> Iterator for JsonlReader<'_, R> {
    type Item = Result<Doc, FormatError>;

    fn next(&mut self) -> Option<Result<Doc, FormatError>> {
        self.next_doc().transpose()
    }
}

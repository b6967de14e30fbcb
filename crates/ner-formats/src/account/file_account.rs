use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ner_doc::{Doc, EntIob};
use serde::Serialize;

use super::{OutputAccount, RecordLoss, SpanLoss, Tally};

/// The account of a file. What went in equals what came out and what was lost; see [`Account::is_balanced`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The file.
    pub file: PathBuf,
    /// The name of the format that it was read as.
    pub format: String,
    /// Records in: what the format calls a record, an example, a task, a sentence or a document.
    pub records: usize,
    /// Documents out.
    pub documents: usize,
    /// Records that went into a document beside the first of it: sentences, and decisions about one text.
    pub joined: usize,
    /// Records that did not become documents.
    pub records_lost: BTreeMap<RecordLoss, Tally>,
    /// Documents of which nothing is known of entities.
    pub unannotated: usize,
    /// Documents that are annotated and have no entity.
    pub empty: usize,
    /// Spans in.
    pub spans: usize,
    /// Entities out.
    pub entities: usize,
    /// Spans out that are known not to be entities.
    pub rejected: usize,
    /// Spans that say of their tokens that they are outside.
    pub outside: usize,
    /// Spans that were lost.
    pub spans_lost: BTreeMap<SpanLoss, Tally>,
    /// Counts for each label.
    pub labels: BTreeMap<String, LabelCounts>,
    /// Tokens without annotation in documents that have some.
    pub unknown_tokens: usize,
    /// Records with an answer `accept`, `reject` and `ignore`.
    pub answers: [usize; 3],
    /// What the file holds besides spans and is not read, such as relations: its name and number.
    pub left_out: BTreeMap<String, usize>,
    /// Decisions of which one was dropped since a later one contradicts it.
    pub conflicts: Tally,
    /// Spans whose numbers of tokens are not those of the tokens that their offsets select.
    pub other_tokens: Tally,
    /// Findings about the file as a whole, with what to do.
    pub findings: Vec<String>,
    /// The last line of a text without a line end behind it, which may be cut.
    #[serde(skip)]
    pub(crate) open_line: String,
    /// What became of the documents that were written.
    pub output: Option<OutputAccount>,
}

/// Spans with one label.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LabelCounts {
    /// Entities of the documents.
    pub n_accepted: usize,
    /// Spans that are known to be wrong.
    pub n_rejected: usize,
}

/// The spans of a document: its entities, and those that are known to be wrong.
pub(crate) fn n_spans(doc: &Doc, incorrect_spans_key: &str) -> usize {
    let n_entities = doc.tokens.iter().filter(|token| token.ent_iob == EntIob::Begin).count();
    n_entities + doc.spans.get(incorrect_spans_key).map_or(0, |group| group.spans.len())
}

impl Account {
    /// The account of a file that is read as a format.
    pub(crate) fn of(file: &Path, format: &str) -> Account {
        Account { file: file.to_owned(), format: format.to_owned(), ..Account::default() }
    }

    /// Counts what came out, by what the document holds.
    // From the document and not from what was put in: otherwise the account would balance whatever became of it.
    pub(crate) fn add_document(&mut self, doc: &Doc, incorrect_spans_key: &str) {
        self.documents += 1;
        let mut n_entities = 0;
        for token in doc.tokens.iter().filter(|token| token.ent_iob == EntIob::Begin) {
            n_entities += 1;
            let label = doc.vocab().strings().get(token.ent_type).unwrap_or_default();
            self.labels.entry(label.to_string()).or_default().n_accepted += 1;
        }
        self.entities += n_entities;
        let n_rejected_before = self.rejected;
        for span in doc.spans.get(incorrect_spans_key).into_iter().flat_map(|group| &group.spans) {
            self.rejected += 1;
            let label = doc.vocab().strings().get(span.label).unwrap_or_default();
            self.labels.entry(label.to_string()).or_default().n_rejected += 1;
        }
        if doc.has_entity_annotation() || self.rejected > n_rejected_before {
            self.empty += usize::from(n_entities == 0 && self.rejected == n_rejected_before);
            self.unknown_tokens += doc.tokens.iter().filter(|token| token.ent_iob == EntIob::Missing).count();
        } else {
            self.unannotated += 1;
        }
    }

    /// Counts a span that is lost.
    pub(crate) fn lose(&mut self, loss: SpanLoss, text: impl FnOnce() -> String) {
        self.spans_lost.entry(loss).or_default().add(text);
    }

    /// Counts a record that is lost.
    pub(crate) fn lose_record(&mut self, loss: RecordLoss, text: impl FnOnce() -> String) {
        self.records_lost.entry(loss).or_default().add(text);
    }

    /// Counts things of the file that are no spans and are not read.
    pub(crate) fn leave_out(&mut self, name: &str, count: usize) {
        if count > 0 {
            *self.left_out.entry(name.to_owned()).or_default() += count;
        }
    }

    /// Spans that were lost, whatever the cause.
    pub fn n_spans_lost(&self) -> usize {
        self.spans_lost.values().map(|tally| tally.count).sum()
    }

    /// Records that were lost, whatever the cause.
    pub fn n_records_lost(&self) -> usize {
        self.records_lost.values().map(|tally| tally.count).sum()
    }

    /// Whether something was lost that nobody decided to leave out.
    pub fn has_losses(&self) -> bool {
        // Refused and ignored records are decisions of people, and a task about a picture never held entities.
        self.records_lost.contains_key(&RecordLoss::Unreadable)
            || self.spans_lost.keys().any(|loss| !loss.is_intended())
    }

    /// Whether the file has spans, and all of them are lost since none begins and ends where tokens do or selects its text.
    // Such a file is not read at all, whatever documents come out: its offsets mean something else.
    pub(crate) fn has_nothing_that_fits(&self) -> bool {
        let lost = |loss| self.spans_lost.get(&loss).map_or(0, |tally| tally.count);
        self.spans > 0 && lost(SpanLoss::Misfit) + lost(SpanLoss::TextDiffers) == self.spans
    }

    /// Whether all that went in came out or is counted as lost. If not, a reader has a fault.
    pub fn is_balanced(&self) -> bool {
        self.records == self.documents + self.joined + self.n_records_lost()
            && self.spans == self.entities + self.rejected + self.outside + self.n_spans_lost()
    }
}

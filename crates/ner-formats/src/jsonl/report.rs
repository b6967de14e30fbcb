use std::collections::BTreeMap;
use std::fmt;

use ner_doc::Doc;
use ner_vocab::StringId;

use super::TextSpan;
use crate::Place;

/// The account of a file's records: everything that is not in the documents as the records had it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Records read.
    pub n_records: usize,
    /// Records with an answer `accept`, `reject` and `ignore`.
    pub n_answers: [usize; 3],
    /// Rejected records without spans: the annotator rejected the text as a whole, so there is no document.
    pub n_excluded: usize,
    /// Counts for each label.
    pub labels: BTreeMap<String, LabelCounts>,
    /// Tokens without any annotation in documents that have some.
    pub n_unknown_tokens: usize,
    /// Spans that do not fit the tokens.
    pub misfits: Vec<Misfit>,
    /// Decisions that contradict each other.
    pub conflicts: Vec<Conflict>,
}

impl Report {
    pub(super) fn count(&mut self, doc: &Doc, label: StringId) -> &mut LabelCounts {
        let label = doc.vocab().strings().get(label).unwrap_or_default();
        self.labels.entry(label.to_string()).or_default()
    }
}

/// Spans with one label.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelCounts {
    /// Entities of the documents.
    pub n_accepted: usize,
    /// Spans that are known to be wrong.
    pub n_rejected: usize,
}

/// A span that does not begin and end where tokens do (spaCy's W030). Of the tokens that it touches nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The file and the line.
    pub place: Place,
    /// The span.
    pub span: TextSpan,
    /// Its text, as far as it lies inside the record's.
    pub text: String,
    /// The tokens that it touches.
    pub tokens: Vec<String>,
}

impl Misfit {
    fn cause(&self) -> &'static str {
        if self.tokens.is_empty() {
            "touches no token"
        } else if self.text.trim() != self.text {
            "begins or ends with white space"
        } else {
            "does not begin and end where tokens do"
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, {:?}, {}", self.place, self.span, self.text, self.cause())?;
        match self.tokens.as_slice() {
            [] => Ok(()),
            tokens => write!(f, "; nothing is known now of the tokens {tokens:?}"),
        }
    }
}

/// Two decisions about one text that cannot both be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The decision that holds.
    pub place: Place,
    /// The decision that was dropped.
    pub dropped: Place,
    /// The span that it was about; `None` for an annotation of the whole text.
    pub span: Option<TextSpan>,
    /// The text.
    pub text: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Conflict { place, dropped, span, text } = self;
        match span {
            Some(span) => {
                write!(f, "{place}: contradicts what {dropped} says of {span} in {text:?}, which is dropped")
            }
            None => write!(f, "{place}: annotates {text:?} otherwise than {dropped}, which is dropped"),
        }
    }
}

use std::path::Path;
use std::sync::Arc;

use ner_doc::Doc;
use ner_vocab::Vocab;

use crate::FormatError;
use crate::account::{Account, Message};
use crate::convert::ConvertError;
use crate::read::{LabelMap, ReadOptions};
use crate::record::INCORRECT_SPANS;
use crate::source::Source;
use crate::tags::Misplaced;

/// Misplaced tags of a file that are named one by one. A file with the wrong scheme has one in each entity, and a
/// handful shows that as well as thousands do; the others are counted.
const MAX_NAMED: usize = 5;

/// The reading of one file of a format that makes documents itself: its source, its options, and the receivers of
/// documents and messages.
pub(crate) struct Job<'a> {
    pub(crate) source: &'a Source,
    pub(crate) options: &'a ReadOptions,
    pub(crate) vocab: Arc<Vocab>,
    pub(crate) account: &'a mut Account,
    labels: &'a LabelMap,
    messages: &'a mut Vec<Message>,
    keep: &'a mut dyn FnMut(Doc) -> Result<(), FormatError>,
    n_misplaced: usize,
}

impl<'a> Job<'a> {
    /// A job whose documents go to `keep`, and whose messages go to `messages`.
    pub(crate) fn new(
        source: &'a Source,
        options: &'a ReadOptions,
        vocab: Arc<Vocab>,
        account: &'a mut Account,
        labels: &'a LabelMap,
        messages: &'a mut Vec<Message>,
        keep: &'a mut dyn FnMut(Doc) -> Result<(), FormatError>,
    ) -> Job<'a> {
        Job { source, options, vocab, account, labels, messages, keep, n_misplaced: 0 }
    }

    /// Passes a document on that was made of `n_records` records with `n_spans` spans.
    pub(crate) fn keep(&mut self, mut doc: Doc, n_records: usize, n_spans: usize) -> Result<(), FormatError> {
        self.account.records += n_records;
        self.account.joined += n_records.saturating_sub(1);
        self.account.spans += n_spans;
        self.labels.apply(&mut doc, self.account);
        self.account.add_document(&doc, INCORRECT_SPANS);
        (self.keep)(doc)
    }

    pub(crate) fn report(&mut self, message: Message) {
        self.messages.push(message);
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.report(Message::warn(text));
    }

    pub(crate) fn report_grouping(&mut self) {
        let n_sents = self.options.n_sents;
        if n_sents == 0 {
            return;
        }
        self.report(Message::info(format!("Grouping every {n_sents} sentences into a document.")));
        if n_sents == 1 {
            self.warn(
                "To generate better training data, you may want to group sentences into documents with `-n 10`.",
            );
        }
    }

    /// Fails if a model was named: there is no parser to find sentences with.
    pub(crate) fn refuse_model(&self) -> Result<(), FormatError> {
        match &self.options.model {
            Some(model) => Err(ConvertError::ModelNotAvailable(model.clone()).into()),
            None => Ok(()),
        }
    }

    /// Warns of the tag of `word`, which stands in the file at `part`.
    pub(crate) fn warn_of_tag(&mut self, part: &str, word: &str, tag: &Misplaced) {
        self.n_misplaced += 1;
        if self.n_misplaced <= MAX_NAMED {
            let place = self.source.place(part);
            self.warn(format!("{place}: {word:?} {tag}"));
        }
    }

    /// Reports how many tags were misplaced if not all of them were named.
    pub(crate) fn finish(mut self) {
        let n_misplaced = self.n_misplaced;
        if n_misplaced > MAX_NAMED {
            let file = Path::display(self.source.file());
            self.warn(format!(
                "{file}: {n_misplaced} tags do not follow the one before them; the first {MAX_NAMED} are named above"
            ));
        }
    }
}

use std::sync::Arc;

use ner_doc::Doc;
use ner_vocab::Vocab;

use super::source::Source;
use super::tag_order::Misplaced;
use super::{ConvertError, ConvertOptions, Message};
use crate::FormatError;

/// Misplaced tags of a file that are named one by one. A file with the wrong scheme has one in each entity, and a
/// handful shows that as well as thousands do; the others are counted.
const MAX_NAMED: usize = 5;

/// The conversion of one file: its source, its options, and the receivers of documents and messages.
pub(crate) struct Job<'a> {
    pub(crate) source: &'a Source,
    pub(crate) options: &'a ConvertOptions,
    pub(crate) vocab: Arc<Vocab>,
    report: &'a mut dyn FnMut(Message),
    keep: &'a mut dyn FnMut(Doc) -> Result<(), FormatError>,
    n_misplaced: usize,
}

impl<'a> Job<'a> {
    /// A job whose documents go to `keep`, and whose messages go to `report`.
    pub(super) fn new(
        source: &'a Source,
        options: &'a ConvertOptions,
        vocab: Arc<Vocab>,
        report: &'a mut dyn FnMut(Message),
        keep: &'a mut dyn FnMut(Doc) -> Result<(), FormatError>,
    ) -> Job<'a> {
        Job { source, options, vocab, report, keep, n_misplaced: 0 }
    }

    /// Passes a document on.
    pub(crate) fn keep(&mut self, doc: Doc) -> Result<(), FormatError> {
        (self.keep)(doc)
    }

    pub(crate) fn report(&mut self, message: Message) {
        (self.report)(message);
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.report(Message::warn(text));
    }

    pub(crate) fn report_grouping(&mut self) {
        let n_sents = self.options.n_sents;
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
    pub(super) fn finish(mut self) {
        let n_misplaced = self.n_misplaced;
        if n_misplaced > MAX_NAMED {
            let file = self.source.file().display();
            self.warn(format!(
                "{file}: {n_misplaced} tags do not follow the one before them; the first {MAX_NAMED} are named above"
            ));
        }
    }
}

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{iter, mem, vec};

use ner_cpython::SharedRandom;
use ner_doc::{Doc, Example};
use ner_formats::account::{Account, Level, Message};
use ner_formats::{FormatError, Place, Reading, read_docs};
use ner_tokenizer::Tokenizer;

use super::{Corpus, ExampleSource, Examples};
use crate::CorpusError;
use crate::augment::Augmenter;

impl ExampleSource for Corpus {
    fn accounts(&self) -> Vec<Account> {
        self.accounts.lock().expect("no holder of the lock panics").clone()
    }

    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a> {
        let files = self.path.annotated_files();
        self.accounts.lock().expect("no holder of the lock panics").clear();
        match files {
            Err(error) => Box::new(iter::once(Err(error))),
            Ok(files) => {
                let pass = |changes| Pass::new(self, tokenizer, changes, files.clone());
                let Some(augmenter) = self.augmenter.as_deref() else { return Box::new(pass(Changes::None)) };
                let fitted = self.fitted.get_or_init(|| {
                    let is_shown =
                        |number| self.fitted_to.as_ref().is_none_or(|shown| shown.contains(&number));
                    let shown = pass(Changes::ToCome).enumerate().filter(|(number, _)| is_shown(*number));
                    // Errors come again in the pass that follows.
                    augmenter.fitted(&mut shown.filter_map(|(_, example)| example.ok()))
                });
                let augmenter = fitted.as_deref().unwrap_or(augmenter);
                Box::new(pass(Changes::By { augmenter, random }))
            }
        }
    }

    fn fit_to(&mut self, numbers: &BTreeSet<usize>) {
        self.fitted_to = Some(numbers.clone());
    }

    fn unvaried<'a>(&'a self, tokenizer: &'a Tokenizer) -> Option<Examples<'a>> {
        self.augmenter.as_ref()?;
        Some(match self.path.annotated_files() {
            Err(error) => Box::new(iter::once(Err(error))),
            Ok(files) => Box::new(Pass::new(self, tokenizer, Changes::ToCome, files)),
        })
    }
}

impl<'a> Pass<'a> {
    /// The examples of these files as they are.
    pub(super) fn without_changes(
        corpus: &'a Corpus,
        tokenizer: &'a Tokenizer,
        files: Vec<PathBuf>,
    ) -> Pass<'a> {
        Pass::new(corpus, tokenizer, Changes::None, files)
    }

    fn new(
        corpus: &'a Corpus,
        tokenizer: &'a Tokenizer,
        changes: Changes<'a>,
        files: Vec<PathBuf>,
    ) -> Pass<'a> {
        Pass {
            corpus,
            tokenizer,
            changes,
            files: files.into_iter(),
            docs: None,
            file: Place::file(corpus.path.path.as_path()),
            document: 0,
            n_docs: 0,
            n_cut_short: 0,
            references: Vec::new().into_iter(),
        }
    }
}

/// What happens to the examples of a pass.
enum Changes<'a> {
    None,
    By {
        augmenter: &'a dyn Augmenter,
        random: &'a SharedRandom,
    },
    /// The augmenter looks at them, and another pass will tell of all that is lost or wrong.
    ToCome,
}

/// One pass over a corpus: one file and one document at a time.
pub(super) struct Pass<'a> {
    corpus: &'a Corpus,
    tokenizer: &'a Tokenizer,
    changes: Changes<'a>,
    files: vec::IntoIter<PathBuf>,
    docs: Option<Reading<'a>>,
    /// The current file.
    file: Place,
    /// The last document of it, counted from 1.
    document: usize,
    /// Documents that were not empty, over all files.
    n_docs: usize,
    /// Documents of which something was too long.
    n_cut_short: usize,
    references: vec::IntoIter<Doc>,
}

impl Pass<'_> {
    fn next_example(&mut self) -> Result<Option<Example>, CorpusError> {
        loop {
            if let Some(reference) = self.references.next() {
                return self.example(reference).map(Some);
            }
            let Some(doc) = self.next_doc()? else { return Ok(None) };
            let (references, is_cut_short) = self.corpus.references(doc).map_err(self.doc_error())?;
            self.references = references.into_iter();
            self.n_cut_short += usize::from(is_cut_short);
        }
    }

    fn next_doc(&mut self) -> Result<Option<Doc>, CorpusError> {
        loop {
            let Some(docs) = &mut self.docs else {
                let Some(file) = self.files.next() else { return Ok(None) };
                (self.file, self.document) = (Place::file(file.as_path()), 0);
                self.docs = Some(read_docs(&file, self.tokenizer, &self.corpus.options)?);
                continue;
            };
            let doc = match docs.next().transpose() {
                // Found at the end of the file, after all its texts.
                Err(FormatError::NothingFits { account }) if self.corpus.texts_only => {
                    let messages = mem::take(&mut docs.messages);
                    self.docs = None;
                    self.close_account(messages, *account);
                    continue;
                }
                doc => doc?,
            };
            self.document += 1;
            match doc {
                None => self.finish_file(),
                Some(doc) if doc.is_empty() => {}
                Some(doc) => {
                    self.n_docs += 1;
                    // spaCy: corpus.py ends the file here, not the corpus, so that each further file still gives one.
                    if self.corpus.limit > 0 && self.n_docs >= self.corpus.limit {
                        self.finish_file();
                    }
                    return Ok(Some(doc));
                }
            }
        }
    }

    /// Leaves the file that is at its end, and tells of its losses.
    fn finish_file(&mut self) {
        let Some(mut reading) = self.docs.take().filter(|_| !matches!(self.changes, Changes::ToCome)) else {
            return;
        };
        let messages = mem::take(&mut reading.messages);
        self.close_account(messages, reading.into_account());
    }

    fn close_account(&self, messages: Vec<Message>, account: Account) {
        let losses = match self.corpus.texts_only {
            true => account.messages_of_records(),
            false => account.messages(),
        };
        tell(messages.into_iter().chain(losses));
        self.corpus.accounts.lock().expect("no holder of the lock panics").push(account);
    }

    fn example(&self, reference: Doc) -> Result<Example, CorpusError> {
        // Words of a document whose spaces are unknown do not add up to its text, so there is no text to tokenize.
        let has_words =
            self.corpus.gold_preproc || reference.has_unknown_spaces || self.tokenizer.is_elsewhere();
        let predicted = if has_words {
            let spaces: Vec<bool> = reference.tokens.iter().map(|token| token.space_after).collect();
            Doc::from_words(self.tokenizer.vocab().clone(), &reference.words(), &spaces)
        } else {
            let tokenized = self.tokenizer.tokenize(&reference.text());
            tokenized.map_err(|source| FormatError::Tokenizer { place: self.place(), source })?
        };
        let example = Example::new(predicted, reference);
        match self.changes {
            Changes::None | Changes::ToCome => Ok(example),
            Changes::By { augmenter, random } => {
                // Locked for one example at a time: batches and dropout draw from the same generator in between.
                let augmented = random.draw(|random| augmenter.augment(example, self.tokenizer, random));
                augmented.map_err(|source| CorpusError::Augment { place: self.place(), source })
            }
        }
    }

    fn place(&self) -> Place {
        self.file.clone().document(self.document)
    }

    fn doc_error(&self) -> impl Fn(ner_doc::DocError) -> FormatError + use<> {
        let place = self.place();
        move |source| FormatError::Doc { place: place.clone(), source }
    }

    /// Warns at the end of losses that spaCy does not mention.
    fn warn_of_losses(&mut self) {
        let path = self.corpus.path.path.display();
        if self.n_docs == 0 && !self.corpus.texts_only {
            tracing::warn!(%path, key = self.corpus.path.key, "There is no document with words in the corpus.");
        }
        if self.n_cut_short > 0 {
            let (n_docs, max_length) = (std::mem::take(&mut self.n_cut_short), self.corpus.max_length);
            tracing::warn!(%path, n_docs, max_length, "Documents, or sentences of them, were too long and left out.");
        }
    }
}

fn tell(messages: impl IntoIterator<Item = Message>) {
    for message in messages {
        match message.level {
            Level::Warn => tracing::warn!("{}", message.text),
            Level::Info | Level::Good => tracing::info!("{}", message.text),
        }
    }
}

impl Iterator for Pass<'_> {
    type Item = Result<Example, CorpusError>;

    fn next(&mut self) -> Option<Result<Example, CorpusError>> {
        let example = self.next_example().transpose();
        if example.is_none() && !matches!(self.changes, Changes::ToCome) {
            self.warn_of_losses();
        }
        example
    }
}

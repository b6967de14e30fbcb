use std::path::Path;
use std::sync::Arc;

use ner_doc::Doc;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

use super::{LabelMap, ReadOptions, choose_format};
use crate::FormatError;
use crate::account::INCORRECT_SPANS;
use crate::account::{Account, Message, n_spans};
use crate::formats::docbin::{DocBin, DocBinWriter, Docs};
use crate::formats::job::Job;
use crate::formats::{Format, Reader};
use crate::record::{RecordDocs, RecordIter};
use crate::source::{JsonItems, Opened};

/// The documents of a file as they are read, and the account of it.
pub struct Reading<'a> {
    docs: Stage<'a>,
    labels: LabelMap,
    is_strict: bool,
    /// What is told of the file, besides its account.
    pub messages: Vec<Message>,
    is_finished: bool,
}

enum Stage<'a> {
    Records(RecordDocs<'a>),
    /// Documents that are counted as they come.
    DocBin(Docs, Account),
    /// Documents that were counted when the whole file was read.
    Counted(Docs, Account),
}

/// Opens a file of any format. The documents have the tokenizer's vocabulary, and texts are split by it.
pub fn read_docs<'a>(
    file: &Path,
    tokenizer: &'a Tokenizer,
    options: &ReadOptions,
) -> Result<Reading<'a>, FormatError> {
    Reading::of(Opened::open(file, options.encoding)?, tokenizer, options)
}

/// The documents of an open file of any format.
fn open<'a>(
    opened: Opened,
    tokenizer: &'a Tokenizer,
    options: &ReadOptions,
) -> Result<Reading<'a>, FormatError> {
    let mut messages = Vec::new();
    let file = opened.file().clone();
    let format = match options.format {
        Some(format) => format,
        None => choose_format(&opened, &mut messages)?,
    };
    let mut account = Account::of(&file, format.name);
    let labels = labels(options)?;
    let docs = match &format.reader {
        Reader::DocBin => Stage::DocBin(doc_bin(opened, tokenizer.vocab().clone())?, account),
        Reader::Docs(_) => {
            // By way of `.spacy`, which gives the documents the tokenizer's vocabulary: converters give them one of no
            // language. What the format cannot hold is lost here as it would be in a file.
            let mut writer = DocBinWriter::new();
            let mut keep = |doc: Doc| {
                writer.add(&doc);
                Ok(())
            };
            run_job(format, opened, options, &labels, &mut account, &mut messages, &mut keep)?;
            Stage::Counted(writer.into_doc_bin(&file)?.into_docs(tokenizer.vocab().clone()), account)
        }
        _ => {
            let records = records(format, opened, options, &mut account)?;
            Stage::Records(RecordDocs::new(records, tokenizer, options.records(), account))
        }
    };
    Ok(Reading { docs, labels, is_strict: options.strict, messages, is_finished: false })
}

/// Reads a file to its end for conversion: its documents go to `keep`. The tokenizer is for formats that have
/// texts; documents of others are of no language in particular, as in spaCy.
pub(crate) fn read_each(
    opened: Opened,
    format: &'static Format,
    tokenizer: Option<&Tokenizer>,
    options: &ReadOptions,
    messages: &mut Vec<Message>,
    keep: &mut dyn FnMut(Doc) -> Result<(), FormatError>,
) -> Result<Account, FormatError> {
    let mut account = Account::of(opened.file(), format.name);
    let labels = labels(options)?;
    let docs = match &format.reader {
        Reader::DocBin => Stage::DocBin(doc_bin(opened, no_language())?, account),
        Reader::Docs(_) => {
            run_job(format, opened, options, &labels, &mut account, messages, keep)?;
            return finish(account, options.strict);
        }
        _ => {
            let records = records(format, opened, options, &mut account)?;
            let tokenizer = tokenizer.expect("given for formats that have texts");
            Stage::Records(RecordDocs::new(records, tokenizer, options.records(), account))
        }
    };
    let mut reading =
        Reading { docs, labels, is_strict: options.strict, messages: Vec::new(), is_finished: false };
    for doc in reading.by_ref() {
        keep(doc?)?;
    }
    Ok(reading.into_account())
}

fn labels(options: &ReadOptions) -> Result<LabelMap, FormatError> {
    Ok(options.label_map.as_deref().map(LabelMap::open).transpose()?.unwrap_or_default())
}

fn no_language() -> Arc<Vocab> {
    Arc::new(Vocab::new("xx").expect("the vocabulary of no language is always there"))
}

fn doc_bin(opened: Opened, vocab: Arc<Vocab>) -> Result<Docs, FormatError> {
    let file = opened.file().clone();
    Ok(DocBin::from_bytes(&opened.into_bytes()?, file)?.into_docs(vocab))
}

/// Runs a reader that makes documents itself.
fn run_job(
    format: &Format,
    opened: Opened,
    options: &ReadOptions,
    labels: &LabelMap,
    account: &mut Account,
    messages: &mut Vec<Message>,
    keep: &mut dyn FnMut(Doc) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let Reader::Docs(read) = format.reader else { unreachable!("asked for such readers alone") };
    let source = opened.into_source()?;
    source.open_line().clone_into(&mut account.open_line);
    let mut job = Job::new(&source, options, no_language(), account, labels, messages, keep);
    read(&mut job)?;
    job.finish();
    Ok(())
}

/// The records of a file of a format that has them.
fn records(
    format: &'static Format,
    opened: Opened,
    options: &ReadOptions,
    account: &mut Account,
) -> Result<RecordIter<'static>, FormatError> {
    let read = match format.reader {
        Reader::Text(read) => {
            let source = opened.into_source()?;
            source.open_line().clone_into(&mut account.open_line);
            return Ok(Box::new(read(&source, options)?.into_iter()));
        }
        Reader::Json(read) => read,
        Reader::Docs(_) | Reader::DocBin => unreachable!("these make documents themselves"),
    };
    let options = options.clone();
    let records = JsonItems::of(opened)?.flat_map(move |item| {
        let records = item.and_then(|(place, value)| read(&place, &value, &options));
        match records {
            Ok(records) => records.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }
    });
    Ok(Box::new(records))
}

/// Looks at the account as a whole. Fails if something was lost and nothing may be.
fn finish(mut account: Account, is_strict: bool) -> Result<Account, FormatError> {
    account.compare_labels();
    account.find_cut_label();
    debug_assert!(account.is_balanced(), "the account does not balance: {account:?}");
    if account.has_nothing_that_fits() {
        return Err(FormatError::NothingFits { account: Box::new(account) });
    }
    if is_strict && account.has_losses() {
        return Err(FormatError::Strict { account: Box::new(account) });
    }
    Ok(account)
}

impl<'a> Reading<'a> {
    /// The documents of an open file.
    pub fn of(
        opened: Opened,
        tokenizer: &'a Tokenizer,
        options: &ReadOptions,
    ) -> Result<Reading<'a>, FormatError> {
        open(opened, tokenizer, options)
    }

    /// The account of the documents so far; complete once there are no more.
    pub fn account(&self) -> &Account {
        match &self.docs {
            Stage::Records(docs) => docs.account(),
            Stage::DocBin(_, account) | Stage::Counted(_, account) => account,
        }
    }

    /// The account of the file.
    pub fn into_account(mut self) -> Account {
        std::mem::take(self.account_mut())
    }

    fn account_mut(&mut self) -> &mut Account {
        match &mut self.docs {
            Stage::Records(docs) => docs.account_mut(),
            Stage::DocBin(_, account) | Stage::Counted(_, account) => account,
        }
    }

    fn next_doc(&mut self) -> Result<Option<Doc>, FormatError> {
        let doc = match &mut self.docs {
            Stage::Records(docs) => docs.next(),
            Stage::DocBin(docs, _) => docs.next(),
            Stage::Counted(docs, _) => {
                let doc = docs.next();
                if doc.is_some() {
                    return doc.transpose();
                }
                doc
            }
        };
        let Some(mut doc) = doc.transpose()? else {
            if !std::mem::replace(&mut self.is_finished, true) {
                let account = std::mem::take(self.account_mut());
                *self.account_mut() = finish(account, self.is_strict)?;
            }
            return Ok(None);
        };
        if let Stage::DocBin(_, account) = &mut self.docs {
            account.records += 1;
            account.spans += n_spans(&doc, INCORRECT_SPANS);
        }
        let labels = std::mem::take(&mut self.labels);
        labels.apply(&mut doc, self.account_mut());
        self.labels = labels;
        self.account_mut().add_document(&doc, INCORRECT_SPANS);
        Ok(Some(doc))
    }
}

impl Iterator for Reading<'_> {
    type Item = Result<Doc, FormatError>;

    fn next(&mut self) -> Option<Result<Doc, FormatError>> {
        self.next_doc().transpose()
    }
}

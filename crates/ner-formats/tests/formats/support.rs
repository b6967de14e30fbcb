//! Reading files in tests.

use std::path::Path;
use std::sync::Arc;

use ner_doc::Doc;
use ner_formats::account::Account;
use ner_formats::{FormatError, ReadOptions, read_docs};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

/// The tokenizer for texts without tokens.
pub fn tokenizer() -> Tokenizer {
    Tokenizer::for_language(Arc::new(Vocab::new("en").unwrap())).unwrap()
}

/// The documents of a file, its messages, and its account, which balances.
pub fn read(file: &Path, options: &ReadOptions) -> Result<(Vec<Doc>, Vec<String>, Account), FormatError> {
    let tokenizer = tokenizer();
    let mut reading = read_docs(file, &tokenizer, options)?;
    let docs = reading.by_ref().collect::<Result<_, _>>()?;
    let mut messages = std::mem::take(&mut reading.messages);
    let account = reading.into_account();
    assert!(account.is_balanced(), "{account:?}");
    messages.extend(account.messages());
    Ok((docs, messages.iter().map(ToString::to_string).collect(), account))
}

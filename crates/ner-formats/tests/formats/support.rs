//! Reading files in tests.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use ner_doc::{Doc, EntIob};
use ner_formats::account::Account;
use ner_formats::{FormatError, ReadOptions, read_docs};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

/// The tokenizer for texts without tokens.
pub(crate) fn tokenizer() -> Tokenizer {
    Tokenizer::for_language(Arc::new(Vocab::new("en").unwrap())).unwrap()
}

/// The same one each time, for tests that read thousands of files.
pub(crate) fn shared_tokenizer() -> &'static Tokenizer {
    static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(tokenizer);
    &TOKENIZER
}

/// The documents of a file, its messages, and its account, which balances.
pub(crate) fn read(
    file: &Path,
    options: &ReadOptions,
) -> Result<(Vec<Doc>, Vec<String>, Account), FormatError> {
    let mut reading = read_docs(file, shared_tokenizer(), options)?;
    let docs = reading.by_ref().collect::<Result<_, _>>()?;
    let mut messages = std::mem::take(&mut reading.messages);
    let account = reading.into_account();
    assert!(account.is_balanced(), "{account:?}");
    messages.extend(account.messages());
    Ok((docs, messages.iter().map(ToString::to_string).collect(), account))
}

/// One line a document: every token with its tag (`?` missing, `-` outside, `[` begins, `=` goes on) and label, then
/// the spans that are known to be wrong.
pub(crate) fn show(doc: &Doc) -> String {
    let string = |id| doc.vocab().strings().get(id).unwrap().to_string();
    let tokens = doc.tokens.iter().map(|token| {
        let tag = match token.ent_iob {
            EntIob::Missing => "?",
            EntIob::Out => "-",
            EntIob::Begin => "[",
            EntIob::In => "=",
        };
        let space = if token.space_after { "_" } else { "" };
        format!("{tag}{}{}{space}", string(token.ent_type), token.text().escape_debug())
    });
    let groups = doc.spans.iter().flat_map(|(key, group)| {
        group
            .spans
            .iter()
            .map(move |span| format!("{key}:{}..{}:{}", span.start, span.end, string(span.label)))
    });
    tokens.chain(groups).collect::<Vec<_>>().join(" ")
}

/// What becomes of a file: its documents, a line each, and its messages, or the error.
pub(crate) fn outcome(name: &str, text: &str, options: &ReadOptions) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    let lines = match read(&file, options) {
        Ok((docs, messages, _)) => docs.iter().map(show_doc).chain(messages).collect(),
        Err(error) => vec![format!("error: {error}")],
    };
    lines.join("\n").replace(&format!("{}/", folder.path().display()), "")
}

/// A document as `[PER Mira Orr] rows / ?Tovo lies`: `/` where a sentence starts, `?` where nothing is known.
fn show_doc(doc: &Doc) -> String {
    let entities = doc.entities().unwrap();
    let mut shown = String::new();
    for (index, token) in doc.tokens.iter().enumerate() {
        if index > 0 {
            shown += if token.sent_start == 1 { " / " } else { " " };
        }
        if let Some(entity) = entities.iter().find(|entity| entity.start == index) {
            shown += &format!("[{} ", doc.vocab().strings().get(entity.label).unwrap());
        }
        if token.ent_iob == EntIob::Missing {
            shown.push('?');
        }
        shown += token.text();
        if entities.iter().any(|entity| entity.end == index + 1) {
            shown.push(']');
        }
    }
    shown
}

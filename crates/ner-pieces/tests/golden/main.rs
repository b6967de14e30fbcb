//! What spacy-transformers and spacy-curated-transformers computed, against what we compute: a slice that is kept here, and
//! the whole suite where the environment variable `NER_GOLDEN` names its folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use ner_doc::Doc;
use ner_files::FileMap;
use ner_vocab::Vocab;
use serde::de::DeserializeOwned;

mod curated;
mod hf;

/// The folders `transformers` of the slice and of the whole suite.
fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let dirs = [Some(slice), std::env::var_os("NER_GOLDEN").map(PathBuf::from)].into_iter().flatten();
    dirs.map(|dir| dir.join("transformers")).collect()
}

/// The rows of a golden file, one a document.
fn rows<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let mut text = String::new();
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let rows: Vec<T> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!rows.is_empty(), "{} holds nothing", path.display());
    rows
}

/// The files of an encoder.
fn model_files(folder: &Path) -> FileMap {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let entries = entries.map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
        .collect()
}

/// A document of tokens, each with the space after it; a number above 0 starts a sentence.
fn doc(vocab: &Arc<Vocab>, tokens: &[(String, bool)], sent_starts: &[i8]) -> Doc {
    let (words, spaces): (Vec<&str>, Vec<bool>) =
        tokens.iter().map(|(word, space)| (word.as_str(), *space)).unzip();
    let mut doc = Doc::from_words(vocab.clone(), &words, &spaces);
    for (token, &start) in doc.tokens.iter_mut().zip(sent_starts).skip(1) {
        token.sent_start = if start > 0 { 1 } else { -1 };
    }
    doc
}

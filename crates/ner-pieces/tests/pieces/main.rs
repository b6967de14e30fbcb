//! What holds for all documents and all files, with the encoders of the golden slice.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use ner_doc::Doc;
use ner_files::FileMap;
use ner_pieces::{PieceEncoder, PieceVocabulary, Shift, SpanGetter};
use ner_vocab::Vocab;

mod damage;
mod joins;
mod limits;
mod refused;

fn files(model: &str) -> FileMap {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/transformers/models").join(model);
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

fn doc(words: &[&str]) -> Doc {
    static VOCAB: LazyLock<Arc<Vocab>> = LazyLock::new(|| Arc::new(Vocab::new("en").unwrap()));
    Doc::from_words(VOCAB.clone(), words, &[])
}

fn windows() -> SpanGetter {
    SpanGetter::strided(128, 96).unwrap()
}

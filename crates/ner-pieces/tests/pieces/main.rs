//! What holds for all documents and all files, with the encoders of the golden slice.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;

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
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

fn doc(words: &[&str]) -> Doc {
    Doc::from_words(Arc::new(Vocab::new("en").unwrap()), words, &[])
}

fn windows() -> SpanGetter {
    SpanGetter::strided(128, 96).unwrap()
}

/// A piece encoder of each kind.
fn encoders() -> Vec<PieceEncoder> {
    let vocabularies = [
        PieceVocabulary::bert_from_files(&files("bert-uncased"), true),
        PieceVocabulary::roberta_from_files(&files("roberta")),
        PieceVocabulary::sentencepiece_from_files(&files("albert"), Shift::None),
    ];
    vocabularies.map(|vocabulary| PieceEncoder::new(vocabulary.unwrap())).into()
}

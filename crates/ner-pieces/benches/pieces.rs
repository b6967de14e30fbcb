//! Sentences in pieces, by one thread; "item/s" is words/s. The vocabulary has 700 pieces, so that words have more of them
//! than with a real one.

use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use ner_doc::Doc;
use ner_files::FileMap;
use ner_pieces::{FastTokenizer, PieceEncoder, PieceVocabulary, SpanGetter, StridedPieces};
use ner_vocab::Vocab;

const SENTENCES: usize = 200;

fn main() {
    divan::main();
}

fn files(model: &str) -> FileMap {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/transformers/models").join(model);
    let entries = std::fs::read_dir(folder).expect("the folder is in the repository").flatten();
    let read = |path: &Path| std::fs::read(path).expect("files of the repository can be read");
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), read(&entry.path()))).collect()
}

fn docs() -> Vec<Doc> {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    let doc = |number: usize| {
        let text = format!(
            "Dr. Miller ( no. {number} ) gave 20 mg of enalapril sodium to patient {number} , who left ."
        );
        Doc::from_words(vocab.clone(), &text.split(' ').collect::<Vec<_>>(), &[])
    };
    (0..SENTENCES).map(doc).collect()
}

fn words(docs: &[Doc]) -> ItemsCount {
    ItemsCount::new(docs.iter().map(Doc::len).sum::<usize>())
}

#[divan::bench(args = ["bert-uncased", "roberta"])]
fn fast_tokenizer(bencher: Bencher<'_, '_>, model: &str) {
    let tokenizer = FastTokenizer::from_files(files(model)).expect("it is read");
    let get_spans = SpanGetter::strided(128, 96).expect("the windows overlap");
    let docs = docs();
    let borrowed: Vec<&Doc> = docs.iter().collect();
    bencher.counter(words(&docs)).bench_local(|| tokenizer.pieces(&borrowed, get_spans));
}

fn vocabulary(kind: &str) -> PieceVocabulary {
    match kind {
        "wordpiece" => PieceVocabulary::bert_from_files(&files("bert-uncased"), true),
        "byte_bpe" => PieceVocabulary::roberta_from_files(&files("roberta")),
        _ => PieceVocabulary::sentencepiece_from_files(&files("albert"), ner_pieces::Shift::None),
    }
    .expect("it is read")
}

const KINDS: [&str; 3] = ["wordpiece", "byte_bpe", "sentencepiece"];

#[divan::bench(args = KINDS)]
fn known_words(bencher: Bencher<'_, '_>, kind: &str) {
    let encoder = PieceEncoder::new(vocabulary(kind));
    let strided = StridedPieces::new(96, 128).expect("the windows overlap");
    let docs = docs();
    let borrowed: Vec<&Doc> = docs.iter().collect();
    strided.pieces(&encoder, &borrowed);
    bencher.counter(words(&docs)).bench_local(|| strided.pieces(&encoder, &borrowed));
}

#[divan::bench(args = KINDS)]
fn new_words(bencher: Bencher<'_, '_>, kind: &str) {
    let vocabulary = vocabulary(kind);
    let strided = StridedPieces::new(96, 128).expect("the windows overlap");
    let docs = docs();
    let borrowed: Vec<&Doc> = docs.iter().collect();
    let encoder = || PieceEncoder::new(vocabulary.clone());
    let bencher = bencher.counter(words(&docs)).with_inputs(encoder);
    bencher.bench_local_values(|encoder| strided.pieces(&encoder, &borrowed));
}

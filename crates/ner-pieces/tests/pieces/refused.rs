//! What is refused, and what is said then.

use ner_pieces::{FastTokenizer, Sentencepiece, StridedPieces, Wordpiece, WordpieceSettings};

use super::*;

#[track_caller]
fn check<T>(result: Result<T, ner_pieces::PiecesError>, expected: &str) {
    let Err(error) = result else { panic!("nothing was refused") };
    assert_eq!(error.to_string(), expected);
}

fn byte_bpe(change: impl Fn(&str) -> String, name: &str) -> Result<PieceVocabulary, ner_pieces::PiecesError> {
    let mut files = files("roberta");
    files.remove("tokenizer.json");
    let changed = change(std::str::from_utf8(&files[name]).unwrap());
    files.insert(name.to_owned(), changed.into_bytes());
    PieceVocabulary::roberta_from_files(&files)
}

#[test]
fn windows_that_cannot_be_joined() {
    check(
        StridedPieces::new(40, 128),
        "found stride = 40 with window = 128, expected window / 2 <= stride <= window; set stride to a number from 64 to 128",
    );
    check(
        SpanGetter::strided(96, 128),
        "found stride = 128 with window = 96, expected 1 <= stride <= window; set stride to 96 or less, and at least 1",
    );
}

#[test]
fn documents_without_sentences() {
    let tokenizer = FastTokenizer::from_files(files("bert-uncased")).unwrap();
    let one_token = tokenizer.pieces(&[&doc(&["a"])], SpanGetter::Sent).unwrap();
    assert_eq!(one_token.lengths.len(), 1);
    check(
        tokenizer.pieces(&[&doc(&["a"]), &doc(&["a", "b"])], SpanGetter::Sent),
        "document 1: found 2 tokens without sentence starts, expected them for sent_spans.v1; add the component \
         \"sentencizer\" before the transformer, or use strided_spans.v1 (spaCy's E030)",
    );
}

#[test]
fn folders_without_a_tokenizer() {
    check(
        FastTokenizer::from_files(FileMap::from([("config.json".to_owned(), Vec::new())])),
        "found no tokenizer.json, no vocab.txt, and no vocab.json with merges.txt among the files config.json; save the \
         tokenizer beside the encoder",
    );
}

#[test]
fn vocabularies_in_which_something_is_missing() {
    check(
        Wordpiece::from_file(b"a\n[CLS]\n", WordpieceSettings::new(true), "vocab.txt"),
        "vocab.txt: found no piece \"[SEP]\" among 2, expected one as the last piece; name the piece in the settings of the \
         piece encoder's loader, or take the encoder's own vocabulary",
    );
    check(
        byte_bpe(|vocab| vocab.replace("\"a\":", "\"aaaaa\":"), "vocab.json"),
        "vocab.json: found no piece \"a\" among 800, expected one as the piece of a byte; copy the vocabulary and the \
         merges again from where the encoder came from",
    );
    check(
        byte_bpe(|merges| format!("{merges}z z\n"), "merges.txt"),
        "vocab.json: found no piece \"zz\" among 800, expected one as the product of a merge; copy the vocabulary and the \
         merges again from where the encoder came from",
    );
    check(
        byte_bpe(|merges| merges.replace("0.2", "0.1"), "merges.txt"),
        "merges.txt: found the first line \"#version: 0.1\", expected \"#version: 0.2\"; copy the vocabulary and the merges \
         again from where the encoder came from",
    );
    check(
        byte_bpe(|merges| merges.replacen("\nh e\n", "\nhe\n", 1), "merges.txt"),
        "merges.txt: found \"he\" in line 5, expected two pieces with a space between them; copy the vocabulary and the \
         merges again from where the encoder came from",
    );
}

#[test]
fn models_of_other_kinds() {
    check(
        PieceVocabulary::roberta_from_files(&files("bert-uncased")),
        "tokenizer.json: found a model of type \"WordPiece\", expected type \"BPE\"; take the piece encoder that belongs to \
         the encoder",
    );
    // A piece for what is unknown, one of a word, and a trainer that says byte pairs.
    let unk = b"\x0a\x09\x0a\x05<unk>\x18\x02";
    let word = b"\x0a\x03\x0a\x01a";
    check(
        Sentencepiece::new([&unk[..], word, b"\x12\x02\x18\x02"].concat(), Shift::None, "spiece.model"),
        "spiece.model: found a BPE model, expected a unigram model; copy the model again from where the encoder came from",
    );
    check(
        Sentencepiece::new([&unk[..], word].concat(), Shift::None, "spiece.model"),
        "spiece.model: found no piece \"<s>\" among 2, expected one as the first piece; train the SentencePiece model with \
         bos_id and eos_id of at least 0",
    );
    check(
        Sentencepiece::new(Vec::new(), Shift::None, "spiece.model"),
        "spiece.model: found 0 pieces, 0 of them for what is unknown, expected a SentencePiece model with one piece for what \
         is unknown; copy the model again from where the encoder came from",
    );
}

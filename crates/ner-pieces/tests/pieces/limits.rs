//! Documents of unusual shapes.

use ner_pieces::{FastTokenizer, Pieces, StridedPieces};
use proptest::prelude::*;

use super::*;

/// The tokenizers of two families.
static FAST: LazyLock<[FastTokenizer; 2]> = LazyLock::new(|| {
    ["bert-uncased", "roberta"].map(|model| FastTokenizer::from_files(files(model)).unwrap())
});

/// A piece encoder of each kind.
static ENCODERS: LazyLock<[PieceEncoder; 3]> = LazyLock::new(|| {
    let vocabularies = [
        PieceVocabulary::bert_from_files(&files("bert-uncased"), true),
        PieceVocabulary::roberta_from_files(&files("roberta")),
        PieceVocabulary::sentencepiece_from_files(&files("albert"), Shift::None),
    ];
    vocabularies.map(|vocabulary| PieceEncoder::new(vocabulary.unwrap()))
});

/// The pieces of a document by every tokenizer and every encoder, after the checks that hold for all.
fn all_pieces(doc: &Doc) -> Vec<Pieces> {
    let strided = StridedPieces::new(96, 128).unwrap();
    let fast = FAST.iter().map(|tokenizer| tokenizer.pieces(&[doc], windows()).unwrap());
    let curated = ENCODERS.iter().map(|encoder| strided.pieces(encoder, &[doc]));
    let all: Vec<Pieces> = fast.chain(curated).collect();
    for pieces in &all {
        assert_eq!(pieces.lengths.iter().sum::<usize>(), pieces.ids.len());
        assert!(pieces.longest_window() <= FAST[0].max_length().unwrap());
        assert_eq!(pieces.tokens.len(), doc.len());
        assert!(pieces.tokens.rows.iter().all(|row| (*row as usize) < pieces.n_rows()));
        let joined = pieces.joined.iter().flat_map(|joined| &joined.rows.rows);
        assert!(joined.into_iter().all(|row| (*row as usize) < pieces.ids.len()));
    }
    all
}

#[test]
fn nothing_and_white_space_have_no_pieces() {
    for words in [&[][..], &[" "], &["\n\n", "\t", "  "]] {
        for pieces in all_pieces(&doc(words)) {
            let is_curated = pieces.joined.is_some();
            assert!(pieces.tokens.rows.is_empty() || !is_curated, "{words:?}");
            assert!(pieces.lengths.is_empty() || !(is_curated || words.is_empty()), "{words:?}");
        }
    }
}

#[test]
fn control_characters_are_no_obstacle() {
    all_pieces(&doc(&[
        "\u{0}",
        "\u{7}",
        "\u{200d}",
        "\u{fffd}",
        "\u{ad}\u{ad}",
        "a\u{1b}b",
        "\u{feff}",
        "\u{10ffff}",
    ]));
}

#[test]
fn a_long_document_has_many_windows_of_bounded_length() {
    let words: Vec<&str> =
        "Maria Lopez takes 20 mg of enalapril sodium in Ashford .".split(' ').cycle().take(100_000).collect();
    for pieces in all_pieces(&doc(&words)) {
        assert!(pieces.lengths.len() > 1000);
        assert!((0..pieces.tokens.len()).all(|token| !pieces.tokens.get(token).is_empty()));
    }
}

#[test]
fn long_words_and_long_lines_are_cut() {
    const LENGTH: usize = 1 << 14;
    let spaces = " ".repeat(LENGTH);
    let marks = "!?".repeat(LENGTH / 2);
    let letters = "enalapril".repeat(LENGTH / 9);
    for word in [&spaces, &marks, &letters] {
        all_pieces(&doc(&["a", word, "b"]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_has_pieces(words in proptest::collection::vec("\\PC{1,8}|[ \\n]{1,2}|[a-z0-9.,-]{1,9}", 0..40)) {
        all_pieces(&doc(&words.iter().map(String::as_str).collect::<Vec<_>>()));
    }
}

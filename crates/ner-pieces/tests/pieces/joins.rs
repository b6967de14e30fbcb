//! Where windows of pieces overlap, their rows become one.

use ner_pieces::{StridedPieces, Wordpiece, WordpieceSettings};
use proptest::prelude::*;

use super::*;

/// An encoder in which each token has one piece.
fn one_piece_a_token() -> PieceEncoder {
    let pieces = ["[CLS]", "[SEP]", "[UNK]", "a"].map(str::to_owned).to_vec();
    let wordpiece = Wordpiece::new(pieces, WordpieceSettings::new(true), "test").unwrap();
    PieceEncoder::new(PieceVocabulary::Wordpiece(wordpiece))
}

/// What spaCy makes of the rows of windows of a document: neighbours become their mean one after the other, then each window
/// gives its first rows, and those of begin and end fall away.
fn joined(mut windows: Vec<Vec<f64>>, stride: usize, window: usize, n_pieces: usize) -> Vec<f64> {
    let mut n_left = n_pieces;
    for index in 1..windows.len() {
        n_left -= stride;
        let overlap = (window - stride).min(n_left);
        for place in 0..overlap {
            let before = windows[index - 1].len() - overlap + place;
            let mean = (windows[index - 1][before] + windows[index][place]) / 2.0;
            windows[index - 1][before] = mean;
            windows[index][place] = mean;
        }
    }
    let rows: Vec<f64> = windows.iter().flat_map(|rows| rows.iter().take(stride)).copied().collect();
    assert_eq!(rows.len(), n_pieces);
    rows[1..n_pieces - 1].to_vec()
}

proptest! {
    #[test]
    fn rows_are_joined_as_spacy_joins_them(n_tokens in 0usize..60, window in 1usize..14, share in 0.0..1.0f64) {
        let shortest = (window / 2).max(1);
        let stride = shortest + ((window - shortest) as f64 * share).round() as usize;
        let doc = doc(&vec!["a"; n_tokens]);
        let pieces = StridedPieces::new(stride, window).unwrap().pieces(&one_piece_a_token(), &[&doc]);
        if n_tokens == 0 {
            prop_assert!(pieces.ids.is_empty());
            return Ok(());
        }
        let row = |row: usize| ((row * row * 31 + row * 7) % 101) as f64;
        let mut first = 0;
        let windows = pieces.lengths.iter().map(|length| {
            first += length;
            (first - length..first).map(row).collect()
        });
        let expected = joined(windows.collect(), stride, window, n_tokens + 2);
        let joined = pieces.joined.as_ref().unwrap();
        prop_assert_eq!(joined.len(), n_tokens);
        for (output, expected) in expected.into_iter().enumerate() {
            let terms: Vec<(u32, f32)> = joined.get(output).collect();
            let found: f64 = terms.iter().map(|(term, weight)| row(*term as usize) * f64::from(*weight)).sum();
            prop_assert!((found - expected).abs() < 1e-9, "row {output}: {found} for {expected}");
            prop_assert_eq!(terms.iter().map(|(_, weight)| weight).sum::<f32>(), 1.0);
            prop_assert!(terms.is_sorted_by(|left, right| left.0 < right.0));
        }
    }
}

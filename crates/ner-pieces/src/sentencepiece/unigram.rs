use super::model_file::{Kind, ModelFile};
use super::normalizer::Normalizer;
use crate::PiecesError;
use crate::prefix_table::PrefixTable;

/// What a character that no piece covers costs more than the least likely piece.
const UNKNOWN_PENALTY: f32 = 10.0;

/// The best segmentation of texts by a unigram model.
#[derive(Clone, Debug)]
pub(crate) struct Unigram {
    normalizer: Normalizer,
    pieces: PrefixTable,
    /// By id: what a piece adds to a path, unless it is never used.
    scores: Vec<Option<Score>>,
    unknown: u32,
    unknown_score: f32,
}

#[derive(Copy, Clone, Debug)]
enum Score {
    Fixed(f32),
    /// Of pieces that are always kept whole: so much a byte.
    ByLength(f32),
}

/// The best path to a place of a text.
#[derive(Copy, Clone)]
struct Best {
    score: f32,
    start: usize,
    piece: u32,
}

impl Unigram {
    /// # Errors
    /// If no piece is a part of words.
    pub(crate) fn new(file: &ModelFile, place: &str) -> Result<Unigram, PiecesError> {
        let normal = file.pieces.iter().filter(|piece| piece.kind == Kind::Normal).map(|piece| piece.score);
        let (lowest, highest) = normal
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), score| (low.min(score), high.max(score)));
        if lowest > highest {
            let found = format!("{} pieces, none of them a part of words", file.pieces.len());
            let mend = "copy the model again from where the encoder came from";
            return Err(PiecesError::unreadable(place, found, "a SentencePiece model", mend));
        }
        let unknown = file.pieces.iter().position(|piece| piece.kind == Kind::Unknown).unwrap_or_default();
        let texts = file.pieces.iter().zip(0..);
        let texts = texts.filter(|(piece, _)| !matches!(piece.kind, Kind::Unknown | Kind::Control));
        let score = |kind, score| match kind {
            Kind::Normal => Some(Score::Fixed(score)),
            Kind::UserDefined => Some(Score::ByLength(highest)),
            Kind::Unknown | Kind::Control | Kind::Unused => None,
        };
        Ok(Unigram {
            normalizer: file.normalizer.clone(),
            pieces: PrefixTable::new(texts.map(|(piece, id)| (piece.text.as_str(), id))),
            scores: file.pieces.iter().map(|piece| score(piece.kind, piece.score)).collect(),
            unknown: unknown as u32,
            unknown_score: lowest - UNKNOWN_PENALTY,
        })
    }

    /// The pieces of a text. Neighbouring characters that are not known are one.
    pub(crate) fn encode(&self, text: &str) -> Vec<u32> {
        let text = self.normalizer.normalize(text);
        let best = self.best_paths(&text);
        let mut pieces = Vec::new();
        let mut end = text.len();
        while let Some(last) = best[end].filter(|_| end > 0) {
            if last.piece != self.unknown || pieces.last() != Some(&self.unknown) {
                pieces.push(last.piece);
            }
            end = last.start;
        }
        pieces.reverse();
        pieces
    }

    /// For each place the best path to it, where there is one: the algorithm of Viterbi, and of the library's
    /// `EncodeOptimized`, whose order and rounding decide between equal paths.
    fn best_paths(&self, text: &str) -> Vec<Option<Best>> {
        let mut best: Vec<Option<Best>> = vec![None; text.len() + 1];
        for (start, character) in text.char_indices() {
            let till_here = best[start].map_or(0.0, |best| best.score);
            let mut is_covered = false;
            for (length, piece) in self.pieces.beginnings(&text.as_bytes()[start..]) {
                let Some(score) = self.scores[piece as usize] else { continue };
                // In doubles, but kept in floats: so does the library.
                let score = match score {
                    Score::Fixed(score) => f64::from(score),
                    Score::ByLength(highest) => f64::from(length as f32 * highest) - 0.1,
                };
                offer(&mut best[start + length], score + f64::from(till_here), start, piece);
                is_covered |= length == character.len_utf8();
            }
            if !is_covered {
                let end = &mut best[start + character.len_utf8()];
                offer(end, f64::from(self.unknown_score + till_here), start, self.unknown);
            }
        }
        best
    }
}

/// Takes a path if there is none yet, or if it is better than the one that there is.
fn offer(best: &mut Option<Best>, score: f64, start: usize, piece: u32) {
    if best.is_none_or(|known| score > f64::from(known.score)) {
        *best = Some(Best { score: score as f32, start, piece });
    }
}

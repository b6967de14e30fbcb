use ner_doc::Doc;

use super::{ByteBpe, Sentencepiece, Wordpiece};
use crate::word_memory::WordMemory;

/// Cuts documents into pieces token by token.
#[derive(Clone, Debug)]
pub struct PieceEncoder {
    vocabulary: PieceVocabulary,
    memory: WordMemory<Box<[u32]>>,
}

/// The pieces that there are, and how words are cut into them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PieceVocabulary {
    /// `BertWordpieceEncoder.v1` and `WordpieceEncoder.v1`.
    Wordpiece(Wordpiece),
    /// `ByteBpeEncoder.v1`.
    ByteBpe(ByteBpe),
    /// `SentencepieceEncoder.v1`, `XlmrSentencepieceEncoder.v1` and `CamembertSentencepieceEncoder.v1`.
    Sentencepiece(Sentencepiece),
}

/// A document in pieces, with one at its beginning and one at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocPieces {
    /// The pieces.
    pub ids: Vec<u32>,
    /// The number of pieces of the beginning (1), of each token, and of the end (1).
    pub lengths: Vec<usize>,
}

impl PieceEncoder {
    /// An encoder that has met no word yet.
    pub fn new(vocabulary: PieceVocabulary) -> PieceEncoder {
        PieceEncoder { vocabulary, memory: WordMemory::default() }
    }

    /// Its pieces.
    pub fn vocabulary(&self) -> &PieceVocabulary {
        &self.vocabulary
    }

    /// The pieces of a document. White space has none.
    pub fn encode(&self, doc: &Doc) -> DocPieces {
        let (bos, eos) = self.vocabulary.ends();
        let mut pieces = DocPieces { ids: vec![bos], lengths: vec![1] };
        self.memory.with(|known, learned| {
            let mut with_space = String::new();
            for (index, token) in doc.tokens.iter().enumerate() {
                let n_before = pieces.ids.len();
                if !token.is_space() {
                    let word = match index.checked_sub(1).map(|before| &doc.tokens[before]) {
                        // spaCy: so a token after white space, which has no space after it, looks as if it began the text
                        // (bbpe_encoder.py of spacy_curated_transformers).
                        Some(before) if before.space_after && self.vocabulary.sees_spaces() => {
                            with_space.clear();
                            with_space.extend([" ", token.text()]);
                            with_space.as_str()
                        }
                        _ => token.text(),
                    };
                    match known.get(word).or_else(|| learned.get(word)) {
                        Some(ids) => pieces.ids.extend_from_slice(ids),
                        None => {
                            let ids = self.vocabulary.encode_word(word);
                            pieces.ids.extend_from_slice(&ids);
                            learned.insert(word.into(), ids.into());
                        }
                    }
                }
                pieces.lengths.push(pieces.ids.len() - n_before);
            }
        });
        pieces.ids.push(eos);
        pieces.lengths.push(1);
        pieces
    }
}

impl PieceVocabulary {
    /// The number of ids that pieces have: one more than the highest.
    pub fn n_ids(&self) -> usize {
        match self {
            PieceVocabulary::Wordpiece(pieces) => pieces.n_ids(),
            PieceVocabulary::ByteBpe(pieces) => pieces.n_ids(),
            PieceVocabulary::Sentencepiece(pieces) => pieces.n_ids(),
        }
    }

    /// The pieces at the beginning and at the end of a document.
    fn ends(&self) -> (u32, u32) {
        match self {
            PieceVocabulary::Wordpiece(pieces) => pieces.ends(),
            PieceVocabulary::ByteBpe(pieces) => pieces.ends(),
            PieceVocabulary::Sentencepiece(pieces) => pieces.ends(),
        }
    }

    /// Whether the space before a word belongs to its pieces.
    fn sees_spaces(&self) -> bool {
        matches!(self, PieceVocabulary::ByteBpe(_))
    }

    fn encode_word(&self, word: &str) -> Vec<u32> {
        match self {
            PieceVocabulary::Wordpiece(pieces) => pieces.encode(word),
            PieceVocabulary::ByteBpe(pieces) => pieces.encode(word),
            PieceVocabulary::Sentencepiece(pieces) => pieces.encode(word),
        }
    }
}

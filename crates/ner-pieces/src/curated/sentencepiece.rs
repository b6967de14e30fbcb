use crate::PiecesError;
use crate::sentencepiece::{Kind, ModelFile, Piece, Unigram};

/// How the ids of an encoder differ from those of its SentencePiece model.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shift {
    /// Not at all: `SentencepieceEncoder.v1`.
    None,
    /// As fairseq numbered the special pieces: `XlmrSentencepieceEncoder.v1`.
    Xlmr,
    /// With fairseq's special pieces before all: `CamembertSentencepieceEncoder.v1`.
    Camembert,
}

/// Pieces of a unigram model of SentencePiece.
#[derive(Clone, Debug)]
pub struct Sentencepiece {
    /// The file, which is written as it was read.
    processor: Vec<u8>,
    model: Unigram,
    shift: Shift,
    n_ids: usize,
    bos: u32,
    eos: u32,
}

impl Shift {
    // The numbers are those of sentencepiece_adapters.py in spacy_curated_transformers.
    fn apply(self, id: u32) -> u32 {
        match (self, id) {
            (Shift::None, id) => id,
            (Shift::Xlmr | Shift::Camembert, 0) => 3,
            (Shift::Xlmr, 1) => 0,
            (Shift::Xlmr, 2) => 2,
            (Shift::Xlmr, id) => id + 1,
            (Shift::Camembert, id) => id + 4,
        }
    }
}

impl Sentencepiece {
    /// Of a model's file, or of the attribute `sentencepiece_processor`, which holds the file; `place` says which.
    ///
    /// # Errors
    /// If it is damaged, no unigram model, or has no pieces for beginning and end.
    pub fn new(processor: Vec<u8>, shift: Shift, place: &str) -> Result<Sentencepiece, PiecesError> {
        let file = ModelFile::read(&processor, place)?;
        let end = |text: &str, role| {
            let is_it = |piece: &Piece| piece.kind == Kind::Control && piece.text == text;
            let id = file.pieces.iter().position(is_it).ok_or_else(|| PiecesError::NoPiece {
                place: place.to_owned(),
                piece: text.to_owned(),
                role,
                n_pieces: file.pieces.len(),
                mend: "train the SentencePiece model with bos_id and eos_id of at least 0",
            })?;
            Ok(shift.apply(id as u32))
        };
        Ok(Sentencepiece {
            model: Unigram::new(&file, place)?,
            bos: end(&file.bos_piece, "first piece")?,
            eos: end(&file.eos_piece, "last piece")?,

            n_ids: (0..file.pieces.len() as u32)
                .map(|id| shift.apply(id) as usize + 1)
                .max()
                .unwrap_or_default(),
            shift,
            processor,
        })
    }

    /// The attribute `sentencepiece_processor`.
    pub fn processor(&self) -> &[u8] {
        &self.processor
    }

    /// How its ids differ from those of the model.
    pub fn shift(&self) -> Shift {
        self.shift
    }

    pub(super) fn n_ids(&self) -> usize {
        self.n_ids
    }

    pub(super) fn ends(&self) -> (u32, u32) {
        (self.bos, self.eos)
    }

    pub(super) fn encode(&self, word: &str) -> Vec<u32> {
        self.model.encode(word).into_iter().map(|id| self.shift.apply(id)).collect()
    }
}

use super::character_table::CharacterTable;
use super::normalizer::Normalizer;
use super::protobuf::{Damage, Fields, Value};
use crate::PiecesError;
use crate::prefix_table::PrefixTable;

/// What a piece is for, as SentencePiece numbers it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A part of words.
    Normal,
    /// What stands for all that is not known.
    Unknown,
    /// Special pieces, which no text contains.
    Control,
    /// Always kept whole.
    UserDefined,
    /// Part of the vocabulary, and never found.
    Unused,
}

#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) score: f32,
    pub(crate) kind: Kind,
}

/// A unigram model as its file has it (`sentencepiece_model.proto` of the library).
#[derive(Clone, Debug)]
pub(crate) struct ModelFile {
    pub(crate) pieces: Vec<Piece>,
    pub(super) normalizer: Normalizer,
    /// The names of the pieces at the beginning and the end.
    pub(crate) bos_piece: String,
    pub(crate) eos_piece: String,
}

/// The numbers of the fields.
const PIECES: u64 = 1;
const TRAINER: u64 = 2;
const NORMALIZER: u64 = 3;
const PIECE_TEXT: u64 = 1;
const PIECE_SCORE: u64 = 2;
const PIECE_KIND: u64 = 3;
const TRAINER_MODEL_TYPE: u64 = 3;
const TRAINER_WHITESPACE_AS_SUFFIX: u64 = 24;
const TRAINER_BYTE_FALLBACK: u64 = 35;
const TRAINER_BOS_PIECE: u64 = 46;
const TRAINER_EOS_PIECE: u64 = 47;
const NORMALIZER_TABLE: u64 = 2;
const NORMALIZER_DUMMY_PREFIX: u64 = 3;
const NORMALIZER_REMOVE_EXTRA: u64 = 4;
const NORMALIZER_ESCAPE: u64 = 5;

/// The model types that there are, as they are numbered.
const MODEL_TYPES: [&str; 5] = ["no", "a unigram", "a BPE", "a word", "a character"];
const UNIGRAM: u64 = 1;

impl ModelFile {
    /// Reads a model.
    ///
    /// # Errors
    /// If it is damaged, or not a unigram model without byte fallback.
    pub(crate) fn read(bytes: &[u8], place: &str) -> Result<ModelFile, PiecesError> {
        Reader { place, n_bytes: bytes.len() }.model(bytes)
    }
}

struct Reader<'a> {
    place: &'a str,
    n_bytes: usize,
}

impl Reader<'_> {
    fn model(&self, bytes: &[u8]) -> Result<ModelFile, PiecesError> {
        let mut model = ModelFile {
            pieces: Vec::new(),
            normalizer: Normalizer::default(),
            bos_piece: "<s>".to_owned(),
            eos_piece: "</s>".to_owned(),
        };
        for field in self.fields(bytes) {
            match field? {
                (PIECES, Value::Bytes(message)) => {
                    let piece = self.piece(message, model.pieces.len())?;
                    model.pieces.push(piece);
                }
                (TRAINER, Value::Bytes(message)) => self.trainer(message, &mut model)?,
                (NORMALIZER, Value::Bytes(message)) => self.normalizer(message, &mut model.normalizer)?,
                _ => (),
            }
        }
        let n_unknown = model.pieces.iter().filter(|piece| piece.kind == Kind::Unknown).count();
        if n_unknown != 1 {
            let found = format!("{} pieces, {n_unknown} of them for what is unknown", model.pieces.len());
            return Err(self.wrong(found, "a SentencePiece model with one piece for what is unknown"));
        }
        let user_defined = model.pieces.iter().zip(0..).filter(|(piece, _)| piece.kind == Kind::UserDefined);
        model.normalizer.kept = PrefixTable::new(user_defined.map(|(piece, id)| (piece.text.as_str(), id)));
        Ok(model)
    }

    fn piece(&self, message: &[u8], id: usize) -> Result<Piece, PiecesError> {
        let mut piece = Piece { text: String::new(), score: 0.0, kind: Kind::Normal };
        for field in self.fields(message) {
            match field? {
                (PIECE_TEXT, Value::Bytes(text)) => piece.text = self.text(text)?,
                (PIECE_SCORE, Value::Fixed32(bits)) => piece.score = f32::from_bits(bits),
                (PIECE_KIND, Value::Varint(kind)) => piece.kind = self.kind(kind, id)?,
                _ => (),
            }
        }
        if piece.text.is_empty() || !piece.score.is_finite() {
            let found = format!("piece {id} with the text {:?} and the score {}", piece.text, piece.score);
            return Err(self.wrong(found, "a text and a finite score"));
        }
        Ok(piece)
    }

    fn kind(&self, number: u64, id: usize) -> Result<Kind, PiecesError> {
        match number {
            1 => Ok(Kind::Normal),
            2 => Ok(Kind::Unknown),
            3 => Ok(Kind::Control),
            4 => Ok(Kind::UserDefined),
            5 => Ok(Kind::Unused),
            // 6 is for bytes, which no encoder read here falls back to.
            _ => Err(self.wrong(format!("piece {id} of kind {number}"), "a kind from 1 to 5")),
        }
    }

    fn trainer(&self, message: &[u8], model: &mut ModelFile) -> Result<(), PiecesError> {
        for field in self.fields(message) {
            match field? {
                (TRAINER_MODEL_TYPE, Value::Varint(model_type)) if model_type != UNIGRAM => {
                    let name = MODEL_TYPES.get(model_type as usize).unwrap_or(&"an unknown");
                    return Err(self.wrong(format!("{name} model"), "a unigram model"));
                }
                (TRAINER_BYTE_FALLBACK, Value::Varint(1)) => {
                    return Err(self.wrong("byte_fallback", "a unigram model without it"));
                }
                (TRAINER_WHITESPACE_AS_SUFFIX, Value::Varint(flag)) => {
                    model.normalizer.treat_whitespace_as_suffix = flag != 0;
                }
                (TRAINER_BOS_PIECE, Value::Bytes(text)) => model.bos_piece = self.text(text)?,
                (TRAINER_EOS_PIECE, Value::Bytes(text)) => model.eos_piece = self.text(text)?,
                _ => (),
            }
        }
        Ok(())
    }

    fn normalizer(&self, message: &[u8], normalizer: &mut Normalizer) -> Result<(), PiecesError> {
        for field in self.fields(message) {
            match field? {
                (NORMALIZER_TABLE, Value::Bytes(blob)) => {
                    normalizer.table = CharacterTable::read(blob).map_err(|found| {
                        self.wrong(found, "a table of characters in precompiled_charsmap")
                    })?;
                }
                (NORMALIZER_DUMMY_PREFIX, Value::Varint(flag)) => normalizer.add_dummy_prefix = flag != 0,
                (NORMALIZER_REMOVE_EXTRA, Value::Varint(flag)) => {
                    normalizer.remove_extra_whitespaces = flag != 0;
                }
                (NORMALIZER_ESCAPE, Value::Varint(flag)) => normalizer.escape_whitespaces = flag != 0,
                _ => (),
            }
        }
        Ok(())
    }

    fn fields<'a>(&self, message: &'a [u8]) -> impl Iterator<Item = Result<(u64, Value<'a>), PiecesError>> {
        Fields::new(message).map(|field| {
            field.map_err(|Damage { n_left }| {
                let found = format!(
                    "{} bytes with a damaged field {n_left} bytes before the end of a message",
                    self.n_bytes
                );
                self.wrong(found, "the fields of a SentencePiece model")
            })
        })
    }

    fn text(&self, bytes: &[u8]) -> Result<String, PiecesError> {
        std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|_| self.wrong(format!("the text {}", bytes.escape_ascii()), "UTF-8"))
    }

    fn wrong(&self, found: impl Into<String>, expected: &str) -> PiecesError {
        PiecesError::unreadable(
            self.place,
            found,
            expected,
            "copy the model again from where the encoder came from",
        )
    }
}

//! Piece encoders of the files of a tokenizer of Hugging Face, as `HFPieceEncoderLoader.v1` makes them.

use indexmap::IndexMap;
use ner_files::FileMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ByteBpe, ByteBpeSettings, PieceVocabulary, Sentencepiece, Shift, Wordpiece, WordpieceSettings};
use crate::PiecesError;

const TOKENIZER: &str = "tokenizer.json";
const CONFIG: &str = "tokenizer_config.json";
const VOCAB_TXT: &str = "vocab.txt";
const VOCAB_JSON: &str = "vocab.json";
const MERGES: &str = "merges.txt";
/// The names under which transformers keeps SentencePiece models.
const SENTENCEPIECE: [&str; 2] = ["sentencepiece.bpe.model", "spiece.model"];

/// The part of `tokenizer.json` that holds the vocabulary.
#[derive(Deserialize)]
struct TokenizerFile {
    model: VocabularyModel,
}

#[derive(Deserialize)]
struct VocabularyModel {
    #[serde(rename = "type")]
    kind: Option<String>,
    // Other kinds of models have lists here, which are not to be read before the kind is known.
    vocab: Value,
    #[serde(default)]
    merges: Vec<Value>,
}

/// Pieces with their ids, and merges in either form.
struct Vocabulary {
    pieces: IndexMap<String, u32>,
    merges: Vec<Value>,
}

/// What `tokenizer_config.json` says of words and special pieces; a piece is a text, or a map with its `content`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    do_lower_case: Option<bool>,
    strip_accents: Option<bool>,
    bos_token: Value,
    cls_token: Value,
    eos_token: Value,
    sep_token: Value,
    unk_token: Value,
}

impl PieceVocabulary {
    /// BERT's pieces. Whether words are written in small letters and without accents, the tokenizer's config says.
    ///
    /// # Errors
    /// If a file is missing or damaged, or lacks a special piece.
    pub fn bert_from_files(
        files: &FileMap,
        splits_punctuation: bool,
    ) -> Result<PieceVocabulary, PiecesError> {
        let config: Config = json(files, CONFIG)?.unwrap_or_default();
        // transformers' defaults, which hold where the config says nothing.
        let lowercase = config.do_lower_case.unwrap_or(true);
        let settings = WordpieceSettings {
            splits_punctuation,
            lowercase,
            strip_accents: config.strip_accents.unwrap_or(lowercase),
            bos_piece: piece(&config.cls_token, "[CLS]"),
            eos_piece: piece(&config.sep_token, "[SEP]"),
            unk_piece: piece(&config.unk_token, "[UNK]"),
        };
        let wordpiece = match (vocabulary(files, "WordPiece")?, files.get(VOCAB_TXT)) {
            (Some(vocabulary), _) => Wordpiece::new(in_order(vocabulary.pieces)?, settings, TOKENIZER),
            (None, Some(vocab)) => Wordpiece::from_file(vocab, settings, VOCAB_TXT),
            (None, None) => Err(PiecesError::no_file(files, "tokenizer.json or vocab.txt")),
        };
        wordpiece.map(PieceVocabulary::Wordpiece)
    }

    /// RoBERTa's pieces.
    ///
    /// # Errors
    /// If a file is missing or damaged, or lacks pieces without which not every text can be encoded.
    pub fn roberta_from_files(files: &FileMap) -> Result<PieceVocabulary, PiecesError> {
        let config: Config = json(files, CONFIG)?.unwrap_or_default();
        let settings = ByteBpeSettings {
            bos_piece: piece(&config.bos_token, "<s>"),
            eos_piece: piece(&config.eos_token, "</s>"),
            unk_piece: piece(&config.unk_token, "<unk>"),
        };
        let byte_bpe = match (vocabulary(files, "BPE")?, files.get(VOCAB_JSON), files.get(MERGES)) {
            (Some(vocabulary), ..) => {
                let merges = vocabulary.merges.into_iter().map(merge).collect::<Result<_, _>>()?;
                ByteBpe::from_pieces(vocabulary.pieces, merges, settings, TOKENIZER)
            }
            (None, Some(vocab), Some(merges)) => {
                ByteBpe::from_files((vocab, VOCAB_JSON), (merges, MERGES), settings)
            }
            _ => Err(PiecesError::no_file(files, "tokenizer.json, and no vocab.json with merges.txt")),
        };
        byte_bpe.map(PieceVocabulary::ByteBpe)
    }

    /// Pieces of a SentencePiece model.
    ///
    /// # Errors
    /// If there is none, or if it cannot be read.
    pub fn sentencepiece_from_files(files: &FileMap, shift: Shift) -> Result<PieceVocabulary, PiecesError> {
        let found = SENTENCEPIECE.into_iter().find_map(|name| Some((name, files.get(name)?)));
        let (name, model) =
            found.ok_or_else(|| PiecesError::no_file(files, "sentencepiece.bpe.model or spiece.model"))?;
        Ok(PieceVocabulary::Sentencepiece(Sentencepiece::new(model.clone(), shift, name)?))
    }
}

/// The vocabulary and the merges of `tokenizer.json`, if there is one.
fn vocabulary(files: &FileMap, expected: &str) -> Result<Option<Vocabulary>, PiecesError> {
    let Some(TokenizerFile { model }) = json(files, TOKENIZER)? else { return Ok(None) };
    if model.kind.as_deref().is_some_and(|kind| kind != expected) {
        let found = format!("a model of type {:?}", model.kind.unwrap_or_default());
        let mend = "take the piece encoder that belongs to the encoder";
        return Err(PiecesError::unreadable(TOKENIZER, found, &format!("type {expected:?}"), mend));
    }
    let pieces =
        serde_json::from_value(model.vocab).map_err(|error| damaged(TOKENIZER, error.to_string()))?;
    Ok(Some(Vocabulary { pieces, merges: model.merges }))
}

/// Pieces in the order of their ids.
fn in_order(vocab: IndexMap<String, u32>) -> Result<Vec<String>, PiecesError> {
    let n_pieces = vocab.len();
    let mut pieces = vec![String::new(); n_pieces];
    for (piece, id) in vocab {
        let place = pieces.get_mut(id as usize).filter(|place| place.is_empty()).ok_or_else(|| {
            damaged(TOKENIZER, format!("the piece {piece:?} with id {id} among {n_pieces} pieces"))
        })?;
        *place = piece;
    }
    Ok(pieces)
}

/// A merge as a pair, as older versions write it with a space in between, too.
fn merge(merge: Value) -> Result<(String, String), PiecesError> {
    let pair = match &merge {
        Value::String(text) => text.split_once(' '),
        Value::Array(pair) => pair.first().and_then(Value::as_str).zip(pair.get(1).and_then(Value::as_str)),
        _ => None,
    };
    let (left, right) = pair.ok_or_else(|| damaged(TOKENIZER, format!("the merge {merge}")))?;
    Ok((left.to_owned(), right.to_owned()))
}

fn piece(token: &Value, default: &str) -> String {
    let text = token.as_str().or_else(|| token.get("content")?.as_str());
    text.unwrap_or(default).to_owned()
}

fn json<T: DeserializeOwned>(files: &FileMap, name: &str) -> Result<Option<T>, PiecesError> {
    let read = |bytes: &Vec<u8>| serde_json::from_slice(bytes);
    files.get(name).map(read).transpose().map_err(|error| damaged(name, error.to_string()))
}

fn damaged(place: &str, found: String) -> PiecesError {
    let mend = "copy it again from where the encoder came from";
    PiecesError::unreadable(place, found, "a file of a tokenizer of Hugging Face", mend)
}

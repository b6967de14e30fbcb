use indexmap::IndexMap;
use ner_cpython::{strip, universal_newlines};
use serde::{Deserialize, Serialize};
use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BpeBuilder, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;

use crate::PiecesError;

const MEND: &str = "copy the vocabulary and the merges again from where the encoder came from";

/// The special pieces of a byte-level vocabulary; spaCy's attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByteBpeSettings {
    /// The piece at the beginning of a document.
    pub bos_piece: String,
    /// The piece at its end.
    pub eos_piece: String,
    /// What stands for what is not known. Nothing is, but the piece has to be there.
    pub unk_piece: String,
}

impl Default for ByteBpeSettings {
    fn default() -> ByteBpeSettings {
        let [bos_piece, eos_piece, unk_piece] = ["<s>", "</s>", "<unk>"].map(str::to_owned);
        ByteBpeSettings { bos_piece, eos_piece, unk_piece }
    }
}

/// GPT-2's pieces: bytes of UTF-8 that are merged pair by pair, the pair that was learned first before the others.
#[derive(Clone, Debug)]
pub struct ByteBpe {
    settings: ByteBpeSettings,
    /// The attribute, which is written as it was read.
    processor: Vec<u8>,
    /// In a box: it is ten times as large as other vocabularies.
    tokenizer: Box<Tokenizer>,
    n_ids: usize,
    bos: u32,
    eos: u32,
}

/// The attribute `byte_bpe_processor`, in MessagePack, with Thinc's order of keys.
#[derive(Serialize, Deserialize)]
struct Processor {
    merges: Vec<(String, String)>,
    vocab: IndexMap<String, u32>,
}

impl ByteBpe {
    /// Of `vocab.json` and `merges.txt`, as `ByteBpeLoader.v1` reads them. The places are the files' names.
    ///
    /// # Errors
    /// If they are damaged, or pieces are missing without which not every text can be encoded.
    pub fn from_files(
        (vocab, vocab_place): (&[u8], &str),
        (merges, merges_place): (&[u8], &str),
        settings: ByteBpeSettings,
    ) -> Result<ByteBpe, PiecesError> {
        let vocab = serde_json::from_slice(vocab).map_err(|error| {
            let expected = "a JSON object of pieces and their ids";
            PiecesError::unreadable(vocab_place, error.to_string(), expected, MEND)
        })?;
        ByteBpe::from_pieces(vocab, read_merges(merges, merges_place)?, settings, vocab_place)
    }

    /// Of pieces with their ids, and merges in the order in which they were learned.
    ///
    /// # Errors
    /// If pieces are missing without which not every text can be encoded.
    pub fn from_pieces(
        vocab: IndexMap<String, u32>,
        merges: Vec<(String, String)>,
        settings: ByteBpeSettings,
        place: &str,
    ) -> Result<ByteBpe, PiecesError> {
        let processor = Processor { merges, vocab };
        let bytes = rmp_serde::to_vec_named(&processor).expect("texts and numbers fit into MessagePack");
        ByteBpe::new(processor, bytes, settings, place)
    }

    /// Of the attribute `byte_bpe_processor`.
    ///
    /// # Errors
    /// If it is damaged, or pieces are missing without which not every text can be encoded.
    pub fn from_processor(processor: &[u8], settings: ByteBpeSettings) -> Result<ByteBpe, PiecesError> {
        const PLACE: &str = "attribute byte_bpe_processor";
        let read = rmp_serde::from_slice(processor).map_err(|error| {
            let expected = "a MessagePack map of merges and vocab";
            PiecesError::unreadable(PLACE, error.to_string(), expected, MEND)
        })?;
        ByteBpe::new(read, processor.to_vec(), settings, PLACE)
    }

    fn new(
        Processor { merges, vocab }: Processor,
        processor: Vec<u8>,
        settings: ByteBpeSettings,
        place: &str,
    ) -> Result<ByteBpe, PiecesError> {
        let piece = |piece: &str, role| {
            vocab.get(piece).copied().ok_or_else(|| PiecesError::NoPiece {
                place: place.to_owned(),
                piece: piece.to_owned(),
                role,
                n_pieces: vocab.len(),
                mend: MEND,
            })
        };
        let (bos, eos) =
            (piece(&settings.bos_piece, "first piece")?, piece(&settings.eos_piece, "last piece")?);
        piece(&settings.unk_piece, "piece of what is not known")?;
        let mut bytes: Vec<char> = ByteLevel::alphabet().into_iter().collect();
        bytes.sort_unstable();
        for byte in bytes {
            piece(byte.encode_utf8(&mut [0; 4]), "piece of a byte")?;
        }
        for (left, right) in &merges {
            piece(left, "part of a merge")?;
            piece(right, "part of a merge")?;
            piece(&format!("{left}{right}"), "product of a merge")?;
        }
        let n_ids = vocab.values().max().map_or(0, |id| *id as usize + 1);
        // Words are remembered outside, with their pieces.
        let model = BpeBuilder::new().vocab_and_merges(vocab.into_iter().collect::<Vocab>(), merges);
        let model = model.cache_capacity(0).build().expect("all parts and products of merges are pieces");
        let mut tokenizer = Box::new(Tokenizer::new(model));
        // Spaces stay where they are: the one before a word is given with it.
        tokenizer.with_pre_tokenizer(Some(ByteLevel::new(false, false, true)));
        Ok(ByteBpe { settings, processor, tokenizer, n_ids, bos, eos })
    }

    /// The attribute `byte_bpe_processor`.
    pub fn processor(&self) -> &[u8] {
        &self.processor
    }

    /// Which pieces are special.
    pub fn settings(&self) -> &ByteBpeSettings {
        &self.settings
    }

    pub(super) fn n_ids(&self) -> usize {
        self.n_ids
    }

    pub(super) fn ends(&self) -> (u32, u32) {
        (self.bos, self.eos)
    }

    pub(super) fn encode(&self, word: &str) -> Vec<u32> {
        let encoding = self.tokenizer.encode_fast(word, false);
        encoding.expect("bytes and products of merges are pieces").get_ids().to_vec()
    }
}

fn read_merges(merges: &[u8], place: &str) -> Result<Vec<(String, String)>, PiecesError> {
    let wrong = |found: String, expected| Err(PiecesError::unreadable(place, found, expected, MEND));
    let text = match String::from_utf8(merges.to_vec()) {
        Ok(text) => universal_newlines(text),
        Err(error) => return wrong(error.to_string(), "UTF-8"),
    };
    let mut lines = text.lines();
    let version = lines.next().unwrap_or_default();
    if !version.starts_with("#version: 0.2") {
        return wrong(format!("the first line {version:?}"), "\"#version: 0.2\"");
    }
    let mut merges = Vec::new();
    for (line, number) in lines.zip(2..) {
        let parts: Vec<&str> = strip(line).split(' ').collect();
        let [left, right] = parts[..] else {
            return wrong(format!("{line:?} in line {number}"), "two pieces with a space between them");
        };
        merges.push((left.to_owned(), right.to_owned()));
    }
    Ok(merges)
}

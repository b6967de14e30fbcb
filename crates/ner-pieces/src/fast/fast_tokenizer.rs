use std::ops::Range;

use ner_files::FileMap;
use serde::Deserialize;
use serde_json::Number;
use tokenizers::Tokenizer;

use super::vocab_files;
use crate::PiecesError;

/// A tokenizer of Hugging Face, with the files that it was read from.
#[derive(Clone, Debug)]
pub struct FastTokenizer {
    tokenizer: Tokenizer,
    files: FileMap,
    max_length: Option<usize>,
}

/// A text in pieces, special ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedText {
    /// The pieces.
    pub ids: Vec<u32>,
    /// The characters of each in the text, counted in code points; none for special pieces.
    pub offsets: Vec<Range<usize>>,
}

/// What tells how long a text may be, among other keys.
#[derive(Deserialize)]
struct TokenizerConfig {
    model_max_length: Option<Number>,
}

const TOKENIZER: &str = "tokenizer.json";
pub(super) const CONFIG: &str = "tokenizer_config.json";

/// Encoders have positions for far fewer pieces. transformers writes 1e30 where nothing bounds the length.
const UNBOUNDED: f64 = 1e9;

impl FastTokenizer {
    /// The names of the files that may belong to a tokenizer, in a folder that holds other files too.
    pub const FILES: [&str; 9] = [
        TOKENIZER,
        CONFIG,
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.txt",
        "vocab.json",
        "merges.txt",
        "sentencepiece.bpe.model",
        "spiece.model",
    ];

    /// Reads `tokenizer.json`, or makes the tokenizer that transformers makes of a vocabulary alone: BERT's of `vocab.txt`,
    /// RoBERTa's of `vocab.json` and `merges.txt`.
    ///
    /// # Errors
    /// If a file is damaged or has parts that are not known here, or if there is none of them.
    pub fn from_files(files: FileMap) -> Result<FastTokenizer, PiecesError> {
        let mut tokenizer = match files.get(TOKENIZER) {
            Some(bytes) => read(bytes, TOKENIZER)?,
            None => {
                let (json, origin) = vocab_files::tokenizer_json(&files)?;
                read(json.to_string().as_bytes(), origin)?
            }
        };
        // What a file says of these belongs to another use: all-MiniLM's cuts at 128 pieces and fills up to 128.
        tokenizer.with_padding(None);
        if tokenizer.with_truncation(None).is_err() {
            unreachable!("no truncation has no parameters that could be wrong");
        }
        let max_length = max_length(&files)?;
        Ok(FastTokenizer { tokenizer, files, max_length })
    }

    /// The files as they were read: they are written as they are, since other versions may not read what this one writes.
    pub fn files(&self) -> &FileMap {
        &self.files
    }

    /// The pieces that an encoder reads at most, special ones included (`model_max_length`).
    pub fn max_length(&self) -> Option<usize> {
        self.max_length
    }

    /// The number of pieces, added ones included.
    pub fn vocab_size(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// A piece as it is written in the vocabulary.
    pub fn piece(&self, id: u32) -> Option<String> {
        self.tokenizer.id_to_token(id)
    }

    /// The pieces of a text, however many they are.
    ///
    /// # Errors
    /// What the tokenizer says, if it fails.
    pub fn encode(&self, text: &str) -> Result<EncodedText, String> {
        let encoding = self.tokenizer.encode_char_offsets(text, true).map_err(|error| error.to_string())?;
        let offsets = encoding.get_offsets().iter().map(|&(start, end)| start..end).collect();
        Ok(EncodedText { ids: encoding.get_ids().to_vec(), offsets })
    }
}

fn read(bytes: &[u8], place: &str) -> Result<Tokenizer, PiecesError> {
    Tokenizer::from_bytes(bytes).map_err(|error| {
        let mend = "save it again with a version of transformers that writes what tokenizers 0.23 reads";
        PiecesError::unreadable(place, error.to_string(), "a tokenizer of Hugging Face's tokenizers", mend)
    })
}

fn max_length(files: &FileMap) -> Result<Option<usize>, PiecesError> {
    let Some(bytes) = files.get(CONFIG) else { return Ok(None) };
    let config: TokenizerConfig = serde_json::from_slice(bytes).map_err(|error| {
        let mend = "copy it again from where the encoder came from";
        PiecesError::unreadable(
            CONFIG,
            error.to_string(),
            "JSON with a number model_max_length, or none",
            mend,
        )
    })?;
    let Some(length) = config.model_max_length.and_then(|length| length.as_f64()) else { return Ok(None) };
    if length < 1.0 {
        let mend = "set it to the number of pieces that the encoder reads at most";
        return Err(PiecesError::unreadable(
            CONFIG,
            format!("model_max_length = {length}"),
            "at least 1",
            mend,
        ));
    }
    Ok((length < UNBOUNDED).then_some(length as usize))
}

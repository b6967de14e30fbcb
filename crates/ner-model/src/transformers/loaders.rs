//! Where the encoder and the pieces of a `curated_transformer` come from: the blocks of `[initialize.components]`.

use std::path::PathBuf;

use ner_hub::{EncoderConfig, EncoderFiles, EncoderPlaces};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ModelError;

/// Where the weights of an encoder come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncoderLoader {
    /// An encoder as Hugging Face's libraries store it.
    HuggingFace(HuggingFaceConfig),
    /// A state that PyTorch wrote.
    PyTorch(PyTorchConfig),
}

/// Where the pieces of an encoder come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceLoader {
    /// The tokenizer of an encoder as Hugging Face's libraries store it.
    HuggingFace(HuggingFaceConfig),
    /// The vocabulary and the merges of byte-level pieces.
    ByteBpe(ByteBpeConfig),
    /// A list of word pieces.
    Wordpiece(WordpieceConfig),
    /// A model of SentencePiece.
    Sentencepiece(SentencepieceConfig),
}

/// An encoder as Hugging Face's libraries store it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HuggingFaceConfig {
    /// A folder, or a name that is looked for where encoders are.
    pub name: String,
    /// Which of several versions.
    #[serde(default = "main")]
    pub revision: String,
}

fn main() -> String {
    EncoderPlaces::MAIN.to_owned()
}

/// Fails unless an encoder has the sizes of the component's block, which spaCy's configs repeat. What weights do not show is
/// compared as well: with other heads, the same weights give other vectors.
pub(super) fn check_sizes(files: &EncoderFiles, block: &EncoderConfig) -> Result<(), ModelError> {
    let found = files.config();
    let sizes = [
        ("vocab_size", block.vocab_size, found.vocab_size),
        ("hidden_width", block.hidden_size, found.hidden_size),
        ("intermediate_width", block.intermediate_size, found.intermediate_size),
        ("num_attention_heads", block.n_heads, found.n_heads),
        ("num_hidden_layers", block.n_layers, found.n_layers),
        ("max_position_embeddings", block.max_positions, found.max_positions),
        ("type_vocab_size", block.type_vocab_size, found.type_vocab_size),
        ("embedding_width", block.embedding_size, found.embedding_size),
        ("padding_idx", block.padding_id, found.padding_id),
    ];
    let mut wrong: Vec<_> = sizes
        .iter()
        .filter(|(_, block, found)| block != found)
        .map(|(key, block, found)| format!("{key} = {found} (found {block})"))
        .collect();
    if block.activation != found.activation {
        wrong.push("the hidden_act of its config.json".to_owned());
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let message = format!("the encoder in {} asks for {}", files.folder().display(), wrong.join(", "));
    Err(ModelError::Argument { argument: "model", message })
}

/// A state that PyTorch wrote.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PyTorchConfig {
    /// The file.
    pub path: PathBuf,
}

/// The vocabulary and the merges of byte-level pieces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByteBpeConfig {
    /// `vocab.json`
    pub vocab_path: PathBuf,
    /// `merges.txt`
    pub merges_path: PathBuf,
}

/// A list of word pieces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordpieceConfig {
    /// `vocab.txt`
    pub path: PathBuf,
    /// The piece at the beginning of a document.
    #[serde(default = "cls")]
    pub bos_piece: String,
    /// The piece at its end.
    #[serde(default = "sep")]
    pub eos_piece: String,
    /// What stands for a word in which no piece fits.
    #[serde(default = "unk")]
    pub unk_piece: String,
    /// Whether words are written in small letters.
    #[serde(default)]
    pub lowercase: bool,
    /// Whether letters lose their accents.
    #[serde(default)]
    pub strip_accents: bool,
}

fn cls() -> String {
    "[CLS]".to_owned()
}

fn sep() -> String {
    "[SEP]".to_owned()
}

fn unk() -> String {
    "[UNK]".to_owned()
}

/// A model of SentencePiece.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SentencepieceConfig {
    /// The model's file.
    pub path: PathBuf,
}

//! The tokenizers that transformers makes of vocabularies alone, as the `tokenizer.json` that it would write.

use ner_cpython::universal_newlines;
use ner_files::FileMap;
use serde_json::{Map, Value, json};

use super::settings::Settings;
use crate::PiecesError;

const VOCAB_TXT: &str = "vocab.txt";
const VOCAB_JSON: &str = "vocab.json";
const MERGES: &str = "merges.txt";
const MEND: &str = "copy it again from where the encoder came from";

/// The tokenizer, and the file that its vocabulary is from.
pub(super) fn tokenizer_json(
    files: &FileMap,
    settings: &Settings,
) -> Result<(Value, &'static str), PiecesError> {
    match (files.get(VOCAB_TXT), files.get(VOCAB_JSON), files.get(MERGES)) {
        (Some(vocab), ..) => Ok((bert(vocab, settings)?, VOCAB_TXT)),
        (None, Some(vocab), Some(merges)) => Ok((roberta(vocab, merges, settings)?, VOCAB_JSON)),
        _ => Err(PiecesError::no_file(
            files,
            "tokenizer.json, no vocab.txt, and no vocab.json with merges.txt",
        )),
    }
}

fn bert(vocab: &[u8], settings: &Settings) -> Result<Value, PiecesError> {
    let pieces = text(VOCAB_TXT, vocab)?;
    let vocab: Map<String, Value> =
        pieces.lines().zip(0u32..).map(|(piece, id)| (piece.to_owned(), id.into())).collect();
    id(VOCAB_TXT, &vocab, "[UNK]", "piece of what is not known")?;
    let first = id(VOCAB_TXT, &vocab, "[CLS]", "first piece")?;
    let last = id(VOCAB_TXT, &vocab, "[SEP]", "last piece")?;
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    let special = special.iter().filter_map(|piece| special_piece(&vocab, piece, false));
    Ok(json!({
        "added_tokens": special.collect::<Vec<_>>(),
        "normalizer": settings.bert_normalizer(true),
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", last], "cls": ["[CLS]", first]},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": vocab,
        },
    }))
}

fn roberta(vocab: &[u8], merges: &[u8], settings: &Settings) -> Result<Value, PiecesError> {
    let vocab: Map<String, Value> = serde_json::from_slice(vocab).map_err(|error| {
        PiecesError::unreadable(VOCAB_JSON, error.to_string(), "a JSON object of pieces and their ids", MEND)
    })?;
    let merges = text(MERGES, merges)?;
    let merges = merges.lines().filter(|line| !line.starts_with("#version") && !line.is_empty());
    let first = id(VOCAB_JSON, &vocab, "<s>", "first piece")?;
    let last = id(VOCAB_JSON, &vocab, "</s>", "last piece")?;
    // transformers lets <mask> swallow the space before it.
    let special = [("<s>", false), ("<pad>", false), ("</s>", false), ("<unk>", false), ("<mask>", true)];
    let special = special.iter().filter_map(|(piece, lstrip)| special_piece(&vocab, piece, *lstrip));
    let add_prefix_space = settings.add_prefix_space();
    Ok(json!({
        "added_tokens": special.collect::<Vec<_>>(),
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": true},
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": ["</s>", last],
            "cls": ["<s>", first],
            "trim_offsets": true,
            "add_prefix_space": add_prefix_space,
        },
        "model": {"type": "BPE", "vocab": vocab, "merges": merges.collect::<Vec<_>>()},
    }))
}

fn text(place: &str, bytes: &[u8]) -> Result<String, PiecesError> {
    let text = String::from_utf8(bytes.to_vec())
        .map_err(|error| PiecesError::unreadable(place, error.to_string(), "UTF-8", MEND))?;
    Ok(universal_newlines(text))
}

fn id<'a>(
    place: &str,
    vocab: &'a Map<String, Value>,
    piece: &str,
    role: &'static str,
) -> Result<&'a Value, PiecesError> {
    vocab.get(piece).ok_or_else(|| PiecesError::NoPiece {
        place: place.to_owned(),
        piece: piece.to_owned(),
        role,
        n_pieces: vocab.len(),
        mend: MEND,
    })
}

/// A piece that is recognised where it is written in a text.
fn special_piece(vocab: &Map<String, Value>, piece: &str, lstrip: bool) -> Option<Value> {
    let id = vocab.get(piece)?;
    Some(json!({
        "id": id,
        "content": piece,
        "single_word": false,
        "lstrip": lstrip,
        "rstrip": false,
        "normalized": false,
        "special": true,
    }))
}

//! The folder `vocab` of a pipeline: strings, lookup tables and vectors.

use std::collections::BTreeMap;
use std::path::Path;

use ner_doc::{StringId, Vocab};

use crate::PipelineError;
use crate::directory::{content, read, read_if_there, write};

type Tables = BTreeMap<String, BTreeMap<u64, rmpv::Value>>;

const LEXEME_NORM: &str = "lexeme_norm";

/// What an empty table of vectors looks like as a file of NumPy.
fn no_vectors() -> Vec<u8> {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 0), }";
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{header:<117}\n").bytes());
    bytes
}

/// Reads the folder into a vocabulary of the language `lang`.
pub(crate) fn read_vocab(folder: &Path, lang: &str) -> Result<Vocab, PipelineError> {
    let vocab =
        Vocab::new(lang).ok_or_else(|| content(folder, format!("no language has the code {lang:?}")))?;
    let path = folder.join("strings.json");
    let strings: Vec<String> =
        serde_json::from_slice(&read(&path)?).map_err(|error| content(&path, error.to_string()))?;
    for string in &strings {
        vocab.strings().add(string);
    }
    let path = folder.join("lookups.bin");
    let Some(bytes) = read_if_there(&path)? else { return Ok(vocab) };
    let mut tables: Tables =
        rmp_serde::from_slice(&bytes).map_err(|error| content(&path, error.to_string()))?;
    let norms = tables.remove(LEXEME_NORM).unwrap_or_default();
    let norms =
        norms.into_iter().filter_map(|(word, norm)| Some((StringId(word), norm.as_str()?.to_owned())));
    Ok(vocab.with_lexeme_norms(norms))
}

/// Writes the folder.
pub(crate) fn write_vocab(vocab: &Vocab, folder: &Path) -> Result<(), PipelineError> {
    let mut strings = vocab.strings().to_vec();
    strings.sort_unstable();
    let strings: Vec<&str> = strings.iter().map(|string| &**string).collect();
    write(&folder.join("strings.json"), &json(&strings))?;
    let norms: BTreeMap<u64, &str> = vocab.lexeme_norms().map(|(word, norm)| (word.0, norm)).collect();
    let tables: BTreeMap<&str, _> = (!norms.is_empty()).then_some((LEXEME_NORM, norms)).into_iter().collect();
    let tables = rmp_serde::to_vec(&tables).expect("numbers and strings are always MessagePack");
    write(&folder.join("lookups.bin"), &tables)?;
    write(&folder.join("vectors"), &no_vectors())?;
    write(&folder.join("key2row"), &[0x80])?;
    write(&folder.join("vectors.cfg"), &json(&serde_json::json!({"mode": "default"})))
}

/// A value as readable JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("strings and numbers are always JSON")
}

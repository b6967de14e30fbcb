//! The folder `vocab` of a pipeline: strings, lookup tables and vectors.

use std::collections::BTreeMap;
use std::path::Path;

use ner_doc::{StringId, VectorFiles, Vectors, Vocab};

use crate::PipelineError;
use crate::directory::{content, read, read_if_there, write};

type Tables = BTreeMap<String, BTreeMap<u64, rmpv::Value>>;

const LEXEME_NORM: &str = "lexeme_norm";
/// A map of MessagePack without entries.
const EMPTY_MAP: u8 = 0x80;

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
    let vocab = match read_vectors(folder)? {
        Some(vectors) => vocab.with_vectors(vectors),
        None => vocab,
    };
    let path = folder.join("lookups.bin");
    let Some(bytes) = read_if_there(&path)? else { return Ok(vocab) };
    let mut tables: Tables =
        rmp_serde::from_slice(&bytes).map_err(|error| content(&path, error.to_string()))?;
    let norms = tables.remove(LEXEME_NORM).unwrap_or_default();
    let norms =
        norms.into_iter().filter_map(|(word, norm)| Some((StringId(word), norm.as_str()?.to_owned())));
    Ok(vocab.with_lexeme_norms(norms))
}

/// Reads the static vectors of the folder, if it has any.
pub(crate) fn read_vectors(folder: &Path) -> Result<Option<Vectors>, PipelineError> {
    let Some(table) = read_if_there(&folder.join("vectors"))? else { return Ok(None) };
    let config = read_if_there(&folder.join("vectors.cfg"))?.unwrap_or_default();
    let key2row = read_if_there(&folder.join("key2row"))?.unwrap_or_else(|| vec![EMPTY_MAP]);
    let vectors = VectorFiles { config, table, key2row }.read();
    vectors.map(Some).map_err(|error| content(folder, error.to_string()))
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
    let vectors = VectorFiles::of(vocab.vectors());
    write(&folder.join("vectors"), &vectors.table)?;
    write(&folder.join("key2row"), &vectors.key2row)?;
    write(&folder.join("vectors.cfg"), &vectors.config)
}

/// A value as readable JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("strings and numbers are always JSON")
}

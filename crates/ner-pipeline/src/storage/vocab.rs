//! The folder `vocab` of a pipeline: strings, lookup tables and vectors.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use ner_vocab::{StringId, VectorFiles, Vectors, Vocab};
use rmpv::Value;
use serde::de::{Deserialize, Deserializer, Visitor};

use super::files::{PipelineFiles, UnreadFile};
use super::{FileSink, content, damaged, json_bytes};
use crate::PipelineError;

/// Lookup tables, of which one is used here; the file is kept as it is.
pub(crate) const LOOKUPS: &str = "vocab/lookups.bin";

const STRINGS: &str = "vocab/strings.json";
pub(super) const VECTORS: &str = "vocab/vectors";
const KEY2ROW: &str = "vocab/key2row";
const VECTORS_CFG: &str = "vocab/vectors.cfg";

const LEXEME_NORM: &str = "lexeme_norm";

/// The folder, taken out of a pipeline's files. Vectors, lookup tables, or all of it may be missing.
pub(crate) struct VocabFiles {
    /// A vocabulary that has its vectors.
    vocab: Vocab,
    strings: Option<UnreadFile>,
    lookups: Option<(PathBuf, Vec<u8>)>,
}

impl VocabFiles {
    /// Takes the folder out, for a vocabulary of the language `lang`.
    pub(crate) fn take(files: &mut PipelineFiles, lang: &str) -> Result<VocabFiles, PipelineError> {
        let vocab = Vocab::new(lang).ok_or_else(|| {
            let message =
                format!("nlp.lang: expected the code of a language, such as \"en\", found {lang:?}");
            content(files.path("config.cfg"), message)
        })?;
        let has_folder = files.names().any(|name| name.starts_with("vocab/"));
        let strings = has_folder.then(|| files.take_unread(STRINGS)).transpose()?;
        let vocab = match read_vectors(files)? {
            Some(vectors) => vocab.with_vectors(vectors),
            None => vocab,
        };
        let lookups = files.read_if_there(LOOKUPS)?;
        Ok(VocabFiles { vocab, strings, lookups: lookups.map(|bytes| (files.path(LOOKUPS), bytes)) })
    }

    /// The length of static vectors.
    pub(crate) fn vector_width(&self) -> usize {
        self.vocab.vectors().width()
    }

    /// The vocabulary.
    pub(crate) fn read(self) -> Result<Vocab, PipelineError> {
        let VocabFiles { vocab, strings, lookups } = self;
        if let Some(file) = strings {
            let path = file.path.clone();
            let bytes = file.read()?;
            // Checked now, so that a damaged file fails at once; made into strings when the first one is asked for.
            serde_json::from_slice::<Vec<Checked>>(&bytes).map_err(|error| damaged(path, &bytes, error))?;
            vocab.strings().add_later(move |add| {
                let strings: Vec<String> = serde_json::from_slice(&bytes).expect("it was checked before");
                strings.iter().for_each(|string| add(string));
            });
        }
        match lookups {
            Some((path, bytes)) => {
                let norms = lexeme_norms(&bytes).map_err(|message| damaged(path, &bytes, message))?;
                Ok(vocab.with_lexeme_norms(norms))
            }
            None => Ok(vocab),
        }
    }
}

/// A string that is only looked at.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Checked, D::Error> {
        struct AnyString;
        impl Visitor<'_> for AnyString {
            type Value = Checked;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
                Ok(Checked)
            }
        }
        deserializer.deserialize_str(AnyString)
    }
}

/// Reads the static vectors of the folder, if it has any.
pub(crate) fn read_vectors(files: &mut PipelineFiles) -> Result<Option<Vectors>, PipelineError> {
    let Some(table) = files.take_if_there(VECTORS)? else { return Ok(None) };
    let key2row = files.take_if_there(KEY2ROW)?.unwrap_or_else(|| vec![EMPTY_MAP]);
    let config = files.take_if_there(VECTORS_CFG)?.unwrap_or_default();
    let vectors = VectorFiles { config, table, key2row }.read();
    vectors.map(Some).map_err(|error| content(files.path("vocab"), error.to_string()))
}

/// A map without entries in MessagePack.
const EMPTY_MAP: u8 = 0x80;

/// The table of norms among all lookup tables.
fn lexeme_norms(mut bytes: &[u8]) -> Result<Vec<(StringId, String)>, String> {
    let tables = rmpv::decode::read_value(&mut bytes).map_err(|error| error.to_string())?;
    let tables = tables.as_map().ok_or("expected a map of tables")?;
    let Some((_, norms)) = tables.iter().find(|(name, _)| name.as_str() == Some(LEXEME_NORM)) else {
        return Ok(Vec::new());
    };
    let norms = norms.as_map().ok_or("lexeme_norm: expected a map from words to norms")?;
    let norm = |(word, norm): &(Value, Value)| Some((StringId(word.as_u64()?), norm.as_str()?.to_owned()));
    Ok(norms.iter().filter_map(norm).collect())
}

/// Writes the folder without the table of vectors, with or without lookup tables.
pub(crate) fn write_vocab(
    vocab: &Vocab,
    with_lookups: bool,
    sink: FileSink<'_>,
) -> Result<(), PipelineError> {
    let mut strings = vocab.strings().to_vec();
    // spaCy: sorted (strings.pyx), which makes the file depend on what the vocabulary holds, not on its history.
    strings.sort_unstable();
    let strings: Vec<&str> = strings.iter().map(|string| &**string).collect();
    sink(STRINGS, &json_bytes(&strings))?;
    if with_lookups {
        let norms: BTreeMap<u64, &str> = vocab.lexeme_norms().map(|(word, norm)| (word.0, norm)).collect();
        let tables: BTreeMap<&str, _> =
            (!norms.is_empty()).then_some((LEXEME_NORM, norms)).into_iter().collect();
        let tables = rmp_serde::to_vec(&tables).expect("numbers and strings are always MessagePack");
        sink(LOOKUPS, &tables)?;
    }
    sink(KEY2ROW, &vocab.vectors().key2row_file())?;
    sink(VECTORS_CFG, &vocab.vectors().config_file())
}

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use ner_vocab::{Lexeme, StringId, Vocab};

/// The strings of one file by their ids.
///
/// Words and annotation are kept apart: the vocabulary keeps the strings of annotation for good, and words only in a
/// bounded cache, so that a corpus of many words does not make it grow.
pub(super) struct Strings {
    vocab: Arc<Vocab>,
    by_id: HashMap<u64, Meaning, BuildHasherDefault<IdHasher>>,
}

/// A string, with the lexeme once it was looked up as a word, and whether the vocabulary keeps it.
struct Meaning {
    text: String,
    lexeme: Option<Arc<Lexeme>>,
    is_kept: bool,
}

/// Ids are hashes already.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("the keys are u64");
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }
}

impl Strings {
    pub(super) fn new(vocab: Arc<Vocab>, strings: Vec<String>) -> Strings {
        let meaning = |text| Meaning { text, lexeme: None, is_kept: false };
        let by_id = strings.into_iter().map(|text| (StringId::of(&text).0, meaning(text))).collect();
        Strings { vocab, by_id }
    }

    /// The word with this id; `None` if the file does not explain it.
    pub(super) fn lexeme(&mut self, id: u64) -> Option<Arc<Lexeme>> {
        let vocab = self.vocab.clone();
        let meaning = self.meaning(id)?;
        Some(meaning.lexeme.get_or_insert_with(|| vocab.lexeme(&meaning.text)).clone())
    }

    /// The id of an annotation, whose string is added to the vocabulary; `None` if the file does not
    /// explain it.
    pub(super) fn keep(&mut self, id: u64) -> Option<StringId> {
        let vocab = self.vocab.clone();
        let meaning = self.meaning(id)?;
        if !meaning.is_kept {
            vocab.strings().add(&meaning.text);
            meaning.is_kept = true;
        }
        Some(StringId(id))
    }

    /// The string from the file, or else from the vocabulary, which knows the reserved symbols.
    fn meaning(&mut self, id: u64) -> Option<&mut Meaning> {
        match self.by_id.entry(id) {
            Entry::Occupied(entry) => Some(entry.into_mut()),
            Entry::Vacant(entry) => {
                let text = self.vocab.strings().get(StringId(id))?.to_string();
                Some(entry.insert(Meaning { text, lexeme: None, is_kept: true }))
            }
        }
    }
}

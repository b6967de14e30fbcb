use std::borrow::Cow;
use std::sync::{Arc, RwLock};

use ner_cpython::lower;

use crate::features::{Language, own_words, prefix, shape, suffix};
use crate::strings::IdMap;
use crate::{Attribute, Lexeme, StringId, StringStore, Vectors};

/// The words and strings that documents share. One vocabulary serves any number of threads.
#[derive(Debug)]
pub struct Vocab {
    lang: String,
    language: Language,
    lexeme_norms: IdMap<StringId, Box<str>>,
    vectors: Vectors,
    strings: StringStore,
    /// The words that were met, divided by the last bits of their ids.
    lexemes: [RwLock<Lexemes>; N_SHARDS],
}

/// Parts with a lock of their own, many more than threads, so that these seldom wait for each other.
const N_SHARDS: usize = 64;

/// The largest number of words in the cache: a stream brings new words for ever. With four times as many, the
/// memory of a stream grew for longer.
const MAX_CACHED_LEXEMES: usize = 1 << 15;

/// Words that were met, in two generations. When the young one is full it becomes the old one, and the old one is dropped,
/// except for words that were met again and so are in the young one too. Dropping half of the words at once needs no order
/// of use, which each look-up would have to update under the write lock.
#[derive(Debug, Default)]
struct Lexemes {
    young: IdMap<StringId, Arc<Lexeme>>,
    old: IdMap<StringId, Arc<Lexeme>>,
}

impl Lexemes {
    /// Puts a word into the young generation.
    fn keep(&mut self, lexeme: &Arc<Lexeme>) {
        // Half of the share, since the old generation may be as large.
        if self.young.len() >= MAX_CACHED_LEXEMES / N_SHARDS / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(lexeme.orth, lexeme.clone());
    }
}

impl Vocab {
    /// An empty vocabulary of a language, such as `en`; `None` if `lang` is not a language code, which is two or three
    /// small letters. Stop words, number words and the like are known for 26 languages
    /// ([`Vocab::has_language_data`]); any other has the features that all languages share, as `xx` has.
    pub fn new(lang: &str) -> Option<Vocab> {
        let is_code = matches!(lang.len(), 2 | 3) && lang.bytes().all(|b| b.is_ascii_lowercase());
        is_code.then(|| Vocab {
            lang: lang.to_owned(),
            language: Language::new(lang),
            lexeme_norms: IdMap::default(),
            vectors: Vectors::default(),
            strings: StringStore::default(),
            lexemes: std::array::from_fn(|_| RwLock::default()),
        })
    }

    /// The same vocabulary with a table of norms (spaCy's lookup table `lexeme_norm`): from a word's id to its norm.
    /// They take precedence over the language's own norms.
    pub fn with_lexeme_norms(self, norms: impl IntoIterator<Item = (StringId, String)>) -> Vocab {
        let lexeme_norms = norms.into_iter().map(|(word, norm)| (word, norm.into())).collect();
        // Words that were met before have norms without the table.
        Vocab { lexeme_norms, lexemes: std::array::from_fn(|_| RwLock::default()), ..self }
    }

    /// The same vocabulary with word vectors.
    pub fn with_vectors(self, vectors: Vectors) -> Vocab {
        Vocab { vectors, ..self }
    }

    /// The language's code.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Whether stop words, number words and norms of the language are known.
    pub fn has_language_data(&self) -> bool {
        own_words(&self.lang).is_some()
    }

    /// The table of norms that was given; empty if none was.
    pub fn lexeme_norms(&self) -> impl ExactSizeIterator<Item = (StringId, &str)> {
        self.lexeme_norms.iter().map(|(&word, norm)| (word, &**norm))
    }

    /// The word vectors; a table without rows if there are none.
    pub fn vectors(&self) -> &Vectors {
        &self.vectors
    }

    /// The strings of annotations.
    pub fn strings(&self) -> &StringStore {
        &self.strings
    }

    /// The word's features, computed once for a word that stays in the cache.
    pub fn lexeme(&self, text: &str) -> Arc<Lexeme> {
        let orth = StringId::of(text);
        let shard = &self.lexemes[orth.0 as usize % N_SHARDS];
        let lexemes = shard.read().expect("no writer panics");
        if let Some(lexeme) = lexemes.young.get(&orth) {
            return lexeme.clone();
        }
        let known = lexemes.old.get(&orth).cloned();
        // The features are computed without a lock; a thread that meets the same word meanwhile computes the same.
        drop(lexemes);
        let lexeme = known.unwrap_or_else(|| {
            let norm = StringId::of(&self.norm(text));
            Arc::new(Lexeme::new(text, orth, norm, &self.language))
        });
        shard.write().expect("no writer panics").keep(&lexeme);
        lexeme
    }

    /// The word's normalised form.
    pub fn norm<'a>(&'a self, text: &'a str) -> Cow<'a, str> {
        // spaCy: the table is asked before the language's own function (add_lookups in util.py).
        // Most pipelines have no such table, and then need no hash of the word.
        let own =
            if self.lexeme_norms.is_empty() { None } else { self.lexeme_norms.get(&StringId::of(text)) };
        match own {
            Some(norm) if !text.is_empty() => Cow::Borrowed(norm),
            _ => self.language.norm(text),
        }
    }

    /// The text behind a word's feature: one of `ORTH`, `LOWER`, `NORM`, `PREFIX`, `SUFFIX` and `SHAPE`; `None` for a
    /// feature that is not a text.
    pub fn feature_text<'a>(&'a self, text: &'a str, attribute: Attribute) -> Option<Cow<'a, str>> {
        match attribute {
            Attribute::ORTH => Some(Cow::Borrowed(text)),
            Attribute::LOWER => Some(lower(text)),
            Attribute::NORM => Some(self.norm(text)),
            Attribute::PREFIX => Some(Cow::Borrowed(prefix(text))),
            Attribute::SUFFIX => Some(Cow::Borrowed(suffix(text))),
            Attribute::SHAPE => Some(Cow::Owned(shape(text))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_norms_goes_before_the_languages_own() {
        // As spaCy 3.8.18 has it after loading a vocabulary with this table.
        let table = [("colour", "color"), ("Colour", "COLOR!"), ("£", "pound"), ("x", "")];
        let norms = table.map(|(word, norm)| (StringId::of(word), norm.to_owned()));
        let vocab = Vocab::new("en").unwrap().with_lexeme_norms(norms);
        let norms = ["colour", "Colour", "COLOUR", "£", "€", "x"].map(|word| vocab.norm(word));
        assert_eq!(norms, ["color", "COLOR!", "colour", "pound", "$", ""]);
        assert_eq!(vocab.lexeme("colour").norm, StringId::of("color"));
        assert_eq!(vocab.lexeme("x").norm, StringId::EMPTY);
    }

    #[test]
    fn languages_without_data_share_the_common_features() {
        assert!(Vocab::new("English").is_none() && Vocab::new("").is_none());
        let (basque, any) = (Vocab::new("eu").unwrap(), Vocab::new("xx").unwrap());
        assert!(!basque.has_language_data() && any.has_language_data());
        assert_eq!(basque.lexeme("Bilbo"), any.lexeme("Bilbo"));
    }

    #[test]
    fn the_cache_is_bounded_and_keeps_words_that_are_met_again() {
        let vocab = Vocab::new("xx").unwrap();
        let flood = |n: usize| vocab.lexeme(&n.to_string());
        (0..MAX_CACHED_LEXEMES).for_each(|number| drop(flood(number)));
        let often = vocab.lexeme("often");
        for number in MAX_CACHED_LEXEMES..MAX_CACHED_LEXEMES * 3 {
            flood(number);
            assert!(Arc::ptr_eq(&vocab.lexeme("often"), &often));
        }
        let shards = vocab.lexemes.iter().map(|shard| shard.read().unwrap());
        let n_cached: usize = shards.map(|shard| shard.young.len() + shard.old.len()).sum();
        assert!(n_cached <= MAX_CACHED_LEXEMES);
        assert_eq!(&*vocab.lexeme("0").text, "0");
    }
}

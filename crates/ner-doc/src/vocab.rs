use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use crate::{Lexeme, LexemeFlags, StringId, StringStore};

/// Words and strings that documents share. One vocabulary serves any number of threads.
#[derive(Debug)]
pub struct Vocab {
    lang: String,
    strings: StringStore,
    lexemes: RwLock<HashMap<StringId, Arc<Lexeme>>>,
}

/// Words kept ready at most. A stream brings new words for ever; past this number they are computed anew.
const MAX_CACHED_LEXEMES: usize = 1 << 17;

impl Vocab {
    /// An empty vocabulary of a language, such as `en`; `None` if the language is not known.
    pub fn new(lang: &str) -> Option<Vocab> {
        Some(Vocab { lang: lang.to_owned(), strings: StringStore::default(), lexemes: RwLock::default() })
    }

    /// The language's code.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The strings of annotations.
    pub fn strings(&self) -> &StringStore {
        &self.strings
    }

    /// The word's features; computed once for a word that stays in the cache.
    pub fn lexeme(&self, text: &str) -> Arc<Lexeme> {
        let orth = StringId::of(text);
        if let Some(lexeme) = self.lexemes.read().expect("no writer panics").get(&orth) {
            return lexeme.clone();
        }
        let lexeme = Arc::new(self.new_lexeme(text, orth));
        let mut lexemes = self.lexemes.write().expect("no writer panics");
        if lexemes.len() < MAX_CACHED_LEXEMES {
            lexemes.insert(orth, lexeme.clone());
        }
        lexeme
    }

    fn new_lexeme(&self, text: &str, orth: StringId) -> Lexeme {
        let lower = StringId::of(&text.to_lowercase());
        let is_space = !text.is_empty() && text.chars().all(char::is_whitespace);
        Lexeme {
            text: text.into(),
            orth,
            lower,
            norm: lower,
            prefix: StringId::EMPTY,
            suffix: StringId::EMPTY,
            shape: StringId::EMPTY,
            length: text.chars().count() as u32,
            flags: LexemeFlags(u32::from(is_space) << LexemeFlags::IS_SPACE),
        }
    }
}

//! A cache of words and their tokens, used by one thread at a time.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;
use ner_doc::Token;
use ner_vocab::{Lexeme, StringId, Vocab};

use crate::TokenizerError;
use crate::affixes::{Exceptions, Splitter};
use crate::phrases::Phrases;
use crate::rules::Rules;
use crate::short_text::ShortText;

/// Runs remembered at most; then all are forgotten, so that a stream of ever new words keeps bounded memory.
const MAX_RUNS: usize = 1 << 15;
/// Words remembered at most, and tokens of runs.
const MAX_LEXEMES: usize = 1 << 15;
const MAX_TOKENS: usize = 1 << 17;
/// Longer words are seldom seen twice.
const MAX_WORD_BYTES: usize = 64;

/// Turns runs into tokens, remembering the outcome.
#[derive(Debug, Default)]
pub(crate) struct Words {
    splitter: Splitter,
    runs: HashMap<ShortText, Range<u32>>,
    tokens: Vec<CachedToken>,
    /// Lexemes of this memory alone: threads that counted references to the same ones would wait for each other.
    lexemes: HashMap<StringId, Arc<Lexeme>>,
    /// Tokens of the document at which a phrase may begin.
    pub(crate) phrase_starts: Vec<usize>,
}

#[derive(Clone, Debug)]
struct CachedToken {
    lexeme: Arc<Lexeme>,
    norm: StringId,
    begins_phrase: bool,
}

/// The rules and the vocabulary by which words become tokens.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Language<'l> {
    pub(crate) vocab: &'l Vocab,
    pub(crate) rules: &'l Rules,
    pub(crate) phrases: &'l Phrases,
}

impl Words {
    /// Adds the tokens of a run.
    pub(crate) fn push_run(
        &mut self,
        language: Language<'_>,
        run: &str,
        tokens: &mut Vec<Token>,
    ) -> Result<(), TokenizerError> {
        let key = ShortText::new(run);
        let range = match key.as_ref().and_then(|key| self.runs.get(key)) {
            Some(range) => range.clone(),
            None => self.learn(language, run, key)?,
        };
        for cached in &self.tokens[range.start as usize..range.end as usize] {
            if cached.begins_phrase {
                self.phrase_starts.push(tokens.len());
            }
            tokens.push(token(cached.lexeme.clone(), cached.norm));
        }
        // Tokens of a run without a key lie at the end, where the next run would not find them.
        if key.is_none() {
            self.tokens.truncate(range.start as usize);
        }
        Ok(())
    }

    /// Splits a run that is not remembered. Its tokens are where the result says until the next run.
    fn learn(
        &mut self,
        language: Language<'_>,
        run: &str,
        key: Option<ShortText>,
    ) -> Result<Range<u32>, TokenizerError> {
        self.forget_if_full();
        let first = self.tokens.len() as u32;
        let mut start = 0;
        for piece in self.splitter.split(language.rules, Exceptions::Apply, run)? {
            let lexeme = remember(&mut self.lexemes, language.vocab, &run[start..piece.end]);
            let begins_phrase = language.phrases.begin_with(lexeme.orth);
            self.tokens.push(CachedToken { lexeme, norm: piece.norm, begins_phrase });
            start = piece.end;
        }
        let range = first..self.tokens.len() as u32;
        if let Some(key) = key {
            self.runs.insert(key, range.clone());
        }
        Ok(range)
    }

    fn forget_if_full(&mut self) {
        // Everything at once: runs point into `tokens`, so single ones cannot be dropped, and the common words are back after
        // a few texts.
        if self.runs.len() >= MAX_RUNS || self.tokens.len() >= MAX_TOKENS {
            self.runs.clear();
            self.tokens = Vec::new();
        }
        if self.lexemes.len() >= MAX_LEXEMES {
            self.lexemes.clear();
        }
    }

    /// A token of a word.
    pub(crate) fn token(&mut self, vocab: &Vocab, text: &str, norm: StringId) -> Token {
        token(remember(&mut self.lexemes, vocab, text), norm)
    }
}

fn remember(lexemes: &mut HashMap<StringId, Arc<Lexeme>>, vocab: &Vocab, text: &str) -> Arc<Lexeme> {
    if text.len() > MAX_WORD_BYTES {
        return vocab.lexeme(text);
    }
    let lexeme = lexemes.entry(StringId::of(text));
    lexeme.or_insert_with(|| Arc::new(Lexeme::clone(&vocab.lexeme(text)))).clone()
}

fn token(lexeme: Arc<Lexeme>, own_norm: StringId) -> Token {
    Token { own_norm, ..Token::new(lexeme, false) }
}

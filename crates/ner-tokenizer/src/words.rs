//! What one thread at a time remembers of the words it met.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use ner_doc::{Lexeme, StringId, Token, Vocab};

use crate::TokenizerError;
use crate::affixes::{Exceptions, Splitter};
use crate::phrases::Phrases;
use crate::rules::Rules;

/// Runs remembered at most; then all are forgotten, so that a stream of ever new words keeps bounded memory.
const MAX_RUNS: usize = 1 << 15;
/// Words remembered at most, and tokens of runs.
const MAX_LEXEMES: usize = 1 << 15;
const MAX_TOKENS: usize = 1 << 17;
/// Longer runs are seldom seen twice.
const MAX_RUN_BYTES: usize = 64;

/// Turns runs into tokens, remembering the outcome.
#[derive(Debug, Default)]
pub(crate) struct Words {
    splitter: Splitter,
    runs: HashMap<Box<str>, Range<u32>>,
    tokens: Vec<CachedToken>,
    /// Lexemes of this memory alone: threads that counted references to the same ones would wait for each other.
    lexemes: HashMap<Box<str>, Arc<Lexeme>>,
    /// Tokens of the document at which a phrase may begin.
    pub(crate) phrase_starts: Vec<usize>,
}

#[derive(Clone, Debug)]
struct CachedToken {
    lexeme: Arc<Lexeme>,
    norm: StringId,
    begins_phrase: bool,
}

/// What words become tokens by.
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
        let range = match self.runs.get(run) {
            Some(range) => range.clone(),
            None => self.learn(language, run)?,
        };
        for cached in &self.tokens[range.start as usize..range.end as usize] {
            if cached.begins_phrase {
                self.phrase_starts.push(tokens.len());
            }
            tokens.push(token(cached.lexeme.clone(), cached.norm));
        }
        Ok(())
    }

    /// Splits a run that is not remembered. Its tokens are where the result says until the next run.
    fn learn(&mut self, language: Language<'_>, run: &str) -> Result<Range<u32>, TokenizerError> {
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
        if run.len() <= MAX_RUN_BYTES {
            self.runs.insert(run.into(), range.clone());
        }
        Ok(range)
    }

    fn forget_if_full(&mut self) {
        if self.runs.len() >= MAX_RUNS || self.tokens.len() >= MAX_TOKENS {
            self.runs.clear();
            self.tokens.clear();
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

fn remember(lexemes: &mut HashMap<Box<str>, Arc<Lexeme>>, vocab: &Vocab, text: &str) -> Arc<Lexeme> {
    if let Some(lexeme) = lexemes.get(text) {
        return lexeme.clone();
    }
    let lexeme = Arc::new(Lexeme::clone(&vocab.lexeme(text)));
    if text.len() <= MAX_RUN_BYTES {
        lexemes.insert(text.into(), lexeme.clone());
    }
    lexeme
}

fn token(lexeme: Arc<Lexeme>, own_norm: StringId) -> Token {
    Token { own_norm, ..Token::new(lexeme, false) }
}

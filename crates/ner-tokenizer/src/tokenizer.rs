use std::sync::Arc;

use ner_doc::{Doc, Token};
use ner_vocab::Vocab;

use crate::affixes::Splitter;
use crate::phrases::{Match, Overlap, Phrases};
use crate::pool::Pool;
use crate::rules::{Rules, file};
use crate::runs::Runs;
use crate::special_case::{SpecialCase, SpecialToken};
use crate::words::{Language, Words};
use crate::{SplitText, TokenizerError, language};

/// Splits texts into tokens by a language's rules.
///
/// One tokenizer serves any number of threads. The algorithm is spaCy's: white space cuts a text into runs; a run is
/// a special case, or loses prefixes and suffixes until it is one or nothing is left to take; what stays is split at
/// infixes. Special cases that these rules tear apart are put together again in the end.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    vocab: Arc<Vocab>,
    rules: Rules,
    phrases: Phrases,
    words: Pool<Words>,
    method: Method,
    max_length: usize,
}

/// The means by which texts are split.
#[derive(Clone, Debug)]
enum Method {
    Rules,
    /// A splitter that a program registered.
    Splitter(Arc<dyn SplitText>),
    /// The program of this name, which is not available here.
    Elsewhere(String),
}

/// A guess that is seldom too low, so that a document's tokens seldom move while they are made.
const BYTES_PER_TOKEN: usize = 4;

impl Tokenizer {
    /// The tokenizer of the vocabulary's language, if its rules are built in: those of [`languages`](crate::languages).
    ///
    /// # Errors
    /// [`TokenizerError::UnknownLanguage`] for other languages.
    pub fn for_language(vocab: Arc<Vocab>) -> Result<Tokenizer, TokenizerError> {
        let rules = language::rules(vocab.lang())?;
        Tokenizer::from_bytes(vocab, &rules)
    }

    /// Reads the file `tokenizer` of a spaCy pipeline. Keys that are not rules are passed over.
    ///
    /// # Errors
    /// Bytes of another shape, a pattern that Python would refuse or that refers back to groups, a special case
    /// whose tokens do not make up its text.
    pub fn from_bytes(vocab: Arc<Vocab>, bytes: &[u8]) -> Result<Tokenizer, TokenizerError> {
        let rules = file::read(bytes)?;
        let (mut phrases, mut splitter) = (Phrases::new(), Splitter::default());
        for (text, case) in rules.exceptions.sorted() {
            phrases.add(&rules, &mut splitter, text)?;
            keep_norms(&vocab, case);
        }
        Ok(Tokenizer {
            vocab,
            rules,
            phrases,
            words: Pool::default(),
            method: Method::Rules,
            max_length: usize::MAX,
        })
    }

    /// Stands for a tokenizer that is not part of this crate, such as one that needs a dictionary. Every text is an
    /// error; documents that have tokens already need none.
    pub fn elsewhere(vocab: Arc<Vocab>, program: &str) -> Tokenizer {
        Tokenizer::without_rules(vocab, Method::Elsewhere(program.to_owned()))
    }

    /// A tokenizer whose texts `splitter` splits.
    pub fn with_splitter(vocab: Arc<Vocab>, splitter: Arc<dyn SplitText>) -> Tokenizer {
        Tokenizer::without_rules(vocab, Method::Splitter(splitter))
    }

    fn without_rules(vocab: Arc<Vocab>, method: Method) -> Tokenizer {
        let (rules, phrases, words) = (Rules::default(), Phrases::new(), Pool::default());
        Tokenizer { vocab, rules, phrases, words, method, max_length: usize::MAX }
    }

    /// Whether a program that is not available here splits texts.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.method, Method::Elsewhere(_))
    }

    /// The file `tokenizer` that spaCy would write of the rules.
    pub fn to_bytes(&self) -> Vec<u8> {
        file::write(&self.rules)
    }

    /// The files that belong to the tokenizer in a pipeline, by their paths there.
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        match &self.method {
            Method::Rules => vec![("tokenizer", self.to_bytes())],
            Method::Splitter(splitter) => splitter.files(),
            Method::Elsewhere(_) => Vec::new(),
        }
    }

    /// The vocabulary of the documents.
    pub fn vocab(&self) -> &Arc<Vocab> {
        &self.vocab
    }

    /// Refuses texts of more characters; until this is called, a text may be of any length.
    pub fn set_max_length(&mut self, n_chars: usize) {
        self.max_length = n_chars;
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(crate) fn phrases(&self) -> &Phrases {
        &self.phrases
    }

    /// Makes `text` always become these tokens; replaces what it was to become before.
    ///
    /// # Errors
    /// [`TokenizerError::SpecialCaseText`] if the tokens do not make up the text.
    pub fn add_special_case(&mut self, text: &str, tokens: Vec<SpecialToken>) -> Result<(), TokenizerError> {
        let case = SpecialCase::new(text, tokens)?;
        self.phrases.add(&self.rules, &mut Splitter::default(), text)?;
        keep_norms(&self.vocab, &case);
        self.rules.exceptions.insert(text, case);
        // What was remembered of words may be wrong by the new case.
        self.words = Pool::default();
        Ok(())
    }

    /// Splits a text into tokens. Their texts and spaces together give the text.
    ///
    /// # Errors
    /// [`TokenizerError::TooSlow`]: a pattern met a word on which it would not come to an end. The rules that spaCy
    /// ships do not. [`TokenizerError::TextTooLong`]: the text is longer than was allowed.
    /// [`TokenizerError::Elsewhere`]: another program splits texts. [`TokenizerError::Splitter`]: a registered splitter
    /// failed, or its words do not make up the text.
    pub fn tokenize(&self, text: &str) -> Result<Doc, TokenizerError> {
        self.check_is_here()?;
        self.check_length(text)?;
        if let Method::Splitter(splitter) = &self.method {
            return self.split(&**splitter, text);
        }
        let mut doc = Doc::new(self.vocab.clone());
        self.words.with(|words| self.fill(words, text, &mut doc.tokens))?;
        Ok(doc)
    }

    pub(crate) fn check_is_here(&self) -> Result<(), TokenizerError> {
        match &self.method {
            Method::Elsewhere(program) => Err(TokenizerError::Elsewhere { program: program.clone() }),
            Method::Rules | Method::Splitter(_) => Ok(()),
        }
    }

    fn split(&self, splitter: &dyn SplitText, text: &str) -> Result<Doc, TokenizerError> {
        let words = splitter.split(text).map_err(|message| TokenizerError::Splitter { message })?;
        let spaces: Vec<bool> = words.iter().map(|(_, has_space)| *has_space).collect();
        let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        let doc = Doc::from_words(self.vocab.clone(), &words, &spaces);
        if doc.text() == text {
            return Ok(doc);
        }
        let message = format!("its words make up {:?}, expected the text, {text:?}", doc.text());
        Err(TokenizerError::Splitter { message })
    }

    fn check_length(&self, text: &str) -> Result<(), TokenizerError> {
        // Counted only where it matters: there are no more characters than bytes.
        let n_chars = if text.len() > self.max_length { text.chars().count() } else { 0 };
        match n_chars > self.max_length {
            true => Err(TokenizerError::TextTooLong { n_chars, max_length: self.max_length }),
            false => Ok(()),
        }
    }

    fn fill(&self, words: &mut Words, text: &str, tokens: &mut Vec<Token>) -> Result<(), TokenizerError> {
        let language = Language { vocab: &self.vocab, rules: &self.rules, phrases: &self.phrases };
        words.phrase_starts.clear();
        tokens.reserve(text.len() / BYTES_PER_TOKEN);
        for run in Runs::new(text) {
            words.push_run(language, run.text, tokens)?;
            if let Some(last) = tokens.last_mut() {
                last.space_after = run.space_after;
            }
        }
        if !words.phrase_starts.is_empty() {
            self.restore_special_cases(words, tokens);
        }
        Ok(())
    }

    fn restore_special_cases(&self, words: &mut Words, tokens: &mut Vec<Token>) {
        // Noted while the words were at hand, so that tokens that begin no phrase are not looked up again.
        let starts = words.phrase_starts.iter().copied();
        let mut matches =
            self.phrases.find(Overlap::WithAny, tokens.len(), |index| tokens[index].lexeme.orth, starts);
        // The same tokens with other white space between them look like the case but are not its text.
        matches
            .retain(|found| self.rules.exceptions.get(&text_of(&tokens[found.start..found.end])).is_some());
        if matches.is_empty() {
            return;
        }
        // Copied over in one pass: cases may have more or fewer tokens than they replace.
        let torn = std::mem::take(tokens);
        let mut rest = torn.as_slice();
        let mut at = 0;
        for Match { start, end } in matches {
            let (before, from_match) = rest.split_at(start - at);
            let (matched, after) = from_match.split_at(end - start);
            tokens.extend_from_slice(before);
            self.push_special_case(words, matched, tokens);
            (rest, at) = (after, end);
        }
        tokens.extend_from_slice(rest);
    }

    fn push_special_case(&self, words: &mut Words, matched: &[Token], tokens: &mut Vec<Token>) {
        let text = text_of(matched);
        let mut start = 0;
        for piece in self.rules.exceptions.get(&text).into_iter().flat_map(SpecialCase::pieces) {
            tokens.push(words.token(&self.vocab, &text[start..piece.end], piece.norm));
            start = piece.end;
        }
        // The space after the last token is the text's, not the case's.
        if let (Some(new), Some(old)) = (tokens.last_mut(), matched.last()) {
            new.space_after = old.space_after;
        }
    }
}

/// Norms of special cases are annotation that files may name, unlike the words themselves.
fn keep_norms(vocab: &Vocab, case: &SpecialCase) {
    for norm in case.tokens().iter().filter_map(|token| token.norm.as_deref()) {
        vocab.strings().add(norm);
    }
}

/// The text that the tokens cover, without the space after the last.
fn text_of(tokens: &[Token]) -> String {
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        text.push_str(token.text());
        if token.space_after && index + 1 < tokens.len() {
            text.push(' ');
        }
    }
    text
}

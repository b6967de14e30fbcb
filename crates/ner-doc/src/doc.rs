use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use ner_vocab::Vocab;

use crate::{EntIob, SpanGroup, Syntax, Token};

/// A text in tokens, with its annotation.
#[derive(Clone, Debug)]
pub struct Doc {
    vocab: Arc<Vocab>,
    /// The tokens. Their number may not change once there is syntax.
    pub tokens: Vec<Token>,
    /// One entry a token, or none at all when no component annotated syntax.
    pub syntax: Vec<Syntax>,
    /// Whether the spaces are guesses, because the text came as words alone.
    pub has_unknown_spaces: bool,
    /// Named groups of spans.
    pub spans: BTreeMap<String, SpanGroup>,
    /// Categories of the whole text.
    pub cats: Vec<(String, f64)>,
    /// Other data that came with the document, as MessagePack; empty if there is none.
    pub user_data: Vec<u8>,
}

impl Doc {
    /// A document without tokens.
    pub fn new(vocab: Arc<Vocab>) -> Doc {
        Doc {
            vocab,
            tokens: Vec::new(),
            syntax: Vec::new(),
            has_unknown_spaces: false,
            spans: BTreeMap::new(),
            cats: Vec::new(),
            user_data: Vec::new(),
        }
    }

    /// A document of `words`, each followed by a space where `spaces` says so. If `spaces` is empty, every word is followed
    /// by a space, and the spaces count as unknown. The first word starts a sentence; the others have no sentence start.
    pub fn from_words<S: AsRef<str>>(vocab: Arc<Vocab>, words: &[S], spaces: &[bool]) -> Doc {
        let mut doc = Doc::new(vocab);
        // Where there are no words, no spaces are missing.
        doc.has_unknown_spaces = spaces.is_empty() && !words.is_empty();
        for (index, word) in words.iter().enumerate() {
            let lexeme = doc.vocab.lexeme(word.as_ref());
            doc.tokens.push(Token::new(lexeme, spaces.get(index).copied().unwrap_or(true)));
        }
        if let Some(first) = doc.tokens.first_mut() {
            first.sent_start = 1;
        }
        doc
    }

    /// The vocabulary that the document's ids belong to.
    pub fn vocab(&self) -> &Arc<Vocab> {
        &self.vocab
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// A document of some of the tokens, with their annotation. What belongs to the text as a whole stays behind.
    pub fn stretch(&self, tokens: Range<usize>) -> Doc {
        Doc {
            tokens: self.tokens[tokens.clone()].to_vec(),
            syntax: self.syntax.get(tokens).unwrap_or_default().to_vec(),
            has_unknown_spaces: self.has_unknown_spaces,
            ..Doc::new(self.vocab.clone())
        }
    }

    /// The text, white space included.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            text.push_str(token.text());
            if token.space_after {
                text.push(' ');
            }
        }
        text
    }

    /// The offset of each token's first character, in code points.
    pub fn char_offsets(&self) -> Vec<usize> {
        let mut offset = 0;
        self.tokens
            .iter()
            .map(|token| {
                let start = offset;
                offset += token.n_chars();
                start
            })
            .collect()
    }

    /// The text of tokens, without the space after the last one.
    pub fn span_text(&self, tokens: Range<usize>) -> String {
        let mut text = String::new();
        for (index, token) in self.tokens[tokens.clone()].iter().enumerate() {
            text.push_str(token.text());
            if token.space_after && index + 1 < tokens.len() {
                text.push(' ');
            }
        }
        text
    }

    /// The text of each token.
    pub fn words(&self) -> Vec<&str> {
        self.tokens.iter().map(Token::text).collect()
    }

    /// Whether any token says something about entities. An empty document counts as annotated.
    pub fn has_entity_annotation(&self) -> bool {
        self.is_empty() || self.tokens.iter().any(|token| token.ent_iob != EntIob::Missing)
    }

    /// Whether any token but the first says something about sentence starts. A document of one token or none counts
    /// as annotated.
    pub fn has_sentence_annotation(&self) -> bool {
        // spaCy: the first token always has a start and so proves nothing (has_annotation in tokens/doc.pyx).
        self.len() < 2 || self.tokens[1..].iter().any(|token| token.sent_start != 0)
    }
}

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use ner_vocab::{Lexeme, LexemeFlags, StringId, Vocab};

/// Where a token stands in an entity, as spaCy numbers it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum EntIob {
    /// Nothing is known.
    #[default]
    Missing = 0,
    /// Goes on with an entity.
    In = 1,
    /// Outside any entity.
    Out = 2,
    /// Begins an entity; with an empty type, the token is blocked: no entity may cover it.
    Begin = 3,
}

/// A word in its place: features, the space after it, its entity and sentence start.
#[derive(Clone, Debug)]
pub struct Token {
    /// The word.
    pub lexeme: Arc<Lexeme>,
    /// The token's own normalised form; empty where the word's holds.
    pub own_norm: StringId,
    /// Whether one space follows.
    pub space_after: bool,
    /// Place in an entity.
    pub ent_iob: EntIob,
    /// 1: a sentence starts here, -1: none does, 0: unknown. A document's first token is made with 1, but where spaCy's
    /// tokeniser takes it from a special case, with 0.
    pub sent_start: i8,
    /// Label of the entity.
    pub ent_type: StringId,
    /// Knowledge-base id of the entity.
    pub ent_kb_id: StringId,
    /// Id of the entity.
    pub ent_id: StringId,
}

impl Token {
    /// An unannotated token.
    pub fn new(lexeme: Arc<Lexeme>, space_after: bool) -> Token {
        Token {
            lexeme,
            own_norm: StringId::EMPTY,
            space_after,
            ent_iob: EntIob::Missing,
            sent_start: 0,
            ent_type: StringId::EMPTY,
            ent_kb_id: StringId::EMPTY,
            ent_id: StringId::EMPTY,
        }
    }

    /// The text without the space after it.
    pub fn text(&self) -> &str {
        &self.lexeme.text
    }

    /// Length in code points, with the space after it.
    pub fn n_chars(&self) -> usize {
        self.lexeme.length as usize + usize::from(self.space_after)
    }

    /// The normalised form that holds for this token.
    pub fn norm(&self) -> StringId {
        if self.own_norm.is_empty() { self.lexeme.norm } else { self.own_norm }
    }

    /// Whether the token is white space.
    pub fn is_space(&self) -> bool {
        self.lexeme.flags.contains(LexemeFlags::IS_SPACE)
    }

    /// Whether no entity may cover the token.
    pub fn is_blocked(&self) -> bool {
        self.ent_iob == EntIob::Begin && self.ent_type.is_empty()
    }
}

/// Annotation of other components, kept so that files pass through unharmed. Ids are of the document's strings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Syntax {
    /// Fine-grained part of speech.
    pub tag: StringId,
    /// Universal part of speech.
    pub pos: StringId,
    /// Morphological analysis.
    pub morph: StringId,
    /// Base form.
    pub lemma: StringId,
    /// Relation to the head.
    pub dep: StringId,
    /// Index of the head relative to the token; 0 for a root or when unknown.
    pub head: i32,
}

/// An entity: tokens `start..end` with a label.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entity {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Label.
    pub label: StringId,
}

/// One span of a span group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanRecord {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Label.
    pub label: StringId,
    /// Knowledge-base id.
    pub kb_id: StringId,
    /// Id.
    pub id: StringId,
}

/// A named list of spans, which may overlap. `attrs` is a MessagePack map that is kept as found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanGroup {
    /// The spans in order.
    pub spans: Vec<SpanRecord>,
    /// Attributes as MessagePack; empty when there are none.
    pub attrs: Vec<u8>,
}

/// A tokenised text with its annotation.
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
    /// Whatever else came with the document, as MessagePack; empty when there is none.
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

    /// A document of `words`, each followed by a space where `spaces` says so. With no spaces at all given,
    /// every word is followed by one and the spaces count as unknown. The first word starts a sentence; of the others
    /// nothing is said.
    pub fn from_words<S: AsRef<str>>(vocab: Arc<Vocab>, words: &[S], spaces: &[bool]) -> Doc {
        let mut doc = Doc::new(vocab);
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
        self.len() < 2 || self.tokens[1..].iter().any(|token| token.sent_start != 0)
    }
}

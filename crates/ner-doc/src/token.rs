use std::sync::Arc;

use ner_vocab::{Lexeme, LexemeFlags, StringId};

/// Where a token stands in an entity, as spaCy numbers it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum EntIob {
    // spaCy: files and models have these numbers (IOB_STRINGS in attrs.pyx).
    /// Nothing is known.
    #[default]
    Missing = 0,
    /// Continues an entity.
    In = 1,
    /// Outside any entity.
    Out = 2,
    /// Begins an entity; with an empty type, the token is blocked: no entity may cover it.
    Begin = 3,
}

/// A word in its place: its features, the space after it, its entity and sentence start.
#[derive(Clone, Debug)]
pub struct Token {
    /// The word.
    pub lexeme: Arc<Lexeme>,
    /// The token's own normalised form; empty where it has that of the word.
    pub own_norm: StringId,
    /// Whether one space follows.
    pub space_after: bool,
    /// Place in an entity.
    pub ent_iob: EntIob,
    /// 1: a sentence starts here, -1: none does, 0: unknown.
    // spaCy: the first token of a document is made with 1, unless the tokenizer takes it from a special case
    // (tokenizer.pyx); the number is a feature of files, so it is kept as it is.
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

    /// The token's normalised form: its own or that of the word.
    pub fn norm(&self) -> StringId {
        if self.own_norm.is_empty() { self.lexeme.norm } else { self.own_norm }
    }

    /// Whether the token is white space.
    pub fn is_space(&self) -> bool {
        self.lexeme.flags.contains(LexemeFlags::IS_SPACE)
    }
}

/// Annotation of components that do not exist here, kept so that no file loses it. Ids are of the vocabulary's strings.
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

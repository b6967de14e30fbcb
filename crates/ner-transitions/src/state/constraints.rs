use ner_doc::{Doc, EntIob, Token};

use crate::{Actions, LabelId};

/// The facts about one token of the predicted document that restrict its actions.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenConstraints {
    /// Label of the preset entity; empty when there is none, or when the token is blocked.
    pub label: LabelId,
    /// Place in a preset entity. `Out` restricts nothing: only blocked tokens keep entities away.
    pub iob: EntIob,
    /// Whether a sentence starts here, so that no entity may reach this token from the one before.
    pub starts_sentence: bool,
    /// Whether it is white space, so that no entity may start here.
    pub is_space: bool,
}

/// The restrictions of a predicted document, token by token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    tokens: Vec<TokenConstraints>,
}

impl Constraints {
    /// Reads presets, sentence starts and white space from a document.
    pub fn new(doc: &Doc, actions: &Actions) -> Constraints {
        let of_token = |token: &Token| TokenConstraints {
            label: actions.label_id(token.ent_type),
            iob: token.ent_iob,
            // 0 stands for unknown and -1 for no: neither keeps an entity from going across.
            starts_sentence: token.sent_start == 1,
            is_space: token.is_space(),
        };
        Constraints { tokens: doc.tokens.iter().map(of_token).collect() }
    }

    /// Constraints given token by token.
    pub fn from_tokens(tokens: Vec<TokenConstraints>) -> Constraints {
        Constraints { tokens }
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the document has no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The token's constraints; past the end there are none, so that rules may look at the token after the last.
    pub fn token(&self, token_index: usize) -> TokenConstraints {
        self.tokens.get(token_index).copied().unwrap_or_default()
    }

    pub(crate) fn tokens_mut(&mut self) -> &mut [TokenConstraints] {
        &mut self.tokens
    }
}

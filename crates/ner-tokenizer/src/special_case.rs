use ner_vocab::StringId;

use crate::TokenizerError;

/// A token that a special case makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpecialToken {
    /// The token's text, spaCy's `ORTH`.
    pub orth: String,
    /// The token's normalised form, if it is not the word's own.
    pub norm: Option<String>,
}

impl SpecialToken {
    /// A token with the norm that its word has.
    pub fn new(orth: impl Into<String>) -> SpecialToken {
        SpecialToken { orth: orth.into(), norm: None }
    }
}

/// A piece of a text: where it ends, and the norm that a special case gives it (empty: none).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) end: usize,
    pub(crate) norm: StringId,
}

impl Piece {
    pub(crate) fn plain(end: usize) -> Piece {
        Piece { end, norm: StringId::EMPTY }
    }
}

/// The tokens that a text always becomes.
#[derive(Clone, Debug)]
pub(crate) struct SpecialCase {
    tokens: Vec<SpecialToken>,
    pieces: Box<[Piece]>,
}

impl SpecialCase {
    /// Checks that the tokens make up the text.
    pub(crate) fn new(text: &str, tokens: Vec<SpecialToken>) -> Result<SpecialCase, TokenizerError> {
        let joined: String = tokens.iter().map(|token| token.orth.as_str()).collect();
        // Pieces are offsets into the text: tokens that spell another one would cut it anywhere.
        if joined != text {
            return Err(TokenizerError::SpecialCaseText { text: text.to_owned(), tokens: joined });
        }
        let ends = tokens.iter().scan(0, |end, token| {
            *end += token.orth.len();
            Some(*end)
        });
        let norms = tokens.iter().map(|token| token.norm.as_deref().map_or(StringId::EMPTY, StringId::of));
        let pieces = ends.zip(norms).map(|(end, norm)| Piece { end, norm }).collect();
        Ok(SpecialCase { tokens, pieces })
    }

    pub(crate) fn tokens(&self) -> &[SpecialToken] {
        &self.tokens
    }

    /// The tokens as pieces of the special case's text.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

use ner_cpython::lower;

use super::flags::LexemeFlags;
use super::languages::Language;
use super::shape::shape;
use crate::StringId;

/// The features of a word without its context. Models see the ids; the text is kept for everyone else.
#[derive(Clone, Debug, PartialEq)]
pub struct Lexeme {
    /// The word itself.
    pub text: Box<str>,
    /// Id of the text.
    pub orth: StringId,
    /// Id of the lower-cased text.
    pub lower: StringId,
    /// Id of the normalised form.
    pub norm: StringId,
    /// Id of the first character.
    pub prefix: StringId,
    /// Id of the last three characters.
    pub suffix: StringId,
    /// Id of the shape, such as `Xxxxx` or `dd.dd`.
    pub shape: StringId,
    /// Length in code points.
    pub length: u32,
    /// The yes-or-no features.
    pub flags: LexemeFlags,
}

impl Lexeme {
    /// The features of a word whose id is `orth`; all are empty for the empty word.
    pub(crate) fn new(text: &str, orth: StringId, norm: StringId, language: &Language) -> Lexeme {
        let lower = lower(text);
        let is_empty = text.is_empty();
        Lexeme {
            text: text.into(),
            orth,
            lower: StringId::of(&lower),
            norm,
            prefix: StringId::of(prefix(text)),
            suffix: StringId::of(suffix(text)),
            shape: StringId::of(&shape(text)),
            length: text.chars().count() as u32,
            // spaCy: the empty word is a constant without flags (EMPTY_LEXEME in lexeme.pyx). Computed, some
            // would be set: all of its characters are punctuation, for it has none.
            flags: if is_empty {
                LexemeFlags::default()
            } else {
                LexemeFlags::of_word(text, &lower, language)
            },
        }
    }

    /// Fills `bytes` with the UTF-8 of a text from both ends by turns: first byte, last byte, second, last but one, and
    /// so on; the rest of `bytes` with 255, which is no byte of UTF-8.
    pub fn write_bytes(text: &str, bytes: &mut [u8]) {
        bytes.fill(255);
        let mut ends = text.bytes();
        for (index, byte) in bytes.iter_mut().enumerate() {
            // spaCy: where a word is cut, beginning and end are kept and the middle is lost (tokens/doc.pyx).
            let next = if index % 2 == 0 { ends.next() } else { ends.next_back() };
            let Some(next) = next else { return };
            *byte = next;
        }
    }
}

/// The first character.
pub(crate) fn prefix(text: &str) -> &str {
    text.char_indices().nth(1).map_or(text, |(end, _)| &text[..end])
}

/// The last three characters.
pub(crate) fn suffix(text: &str) -> &str {
    text.char_indices().nth_back(2).map_or(text, |(start, _)| &text[start..])
}

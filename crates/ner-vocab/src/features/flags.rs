use ner_cpython::{CharClass, is_space};

use super::languages::Language;
use super::url::{like_email, like_url};

/// The yes-or-no features of a word: bit `n` is the feature whose attribute id is `n` (1 `IS_ALPHA` to 18 `IS_CURRENCY`).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LexemeFlags(pub u32);

impl LexemeFlags {
    /// Letters only.
    pub const IS_ALPHA: u32 = 1;
    /// ASCII only.
    pub const IS_ASCII: u32 = 2;
    /// Digits only.
    pub const IS_DIGIT: u32 = 3;
    /// Small letters, perhaps among characters without case.
    pub const IS_LOWER: u32 = 4;
    /// Punctuation only.
    pub const IS_PUNCT: u32 = 5;
    /// White space only.
    pub const IS_SPACE: u32 = 6;
    /// Capitals just where words begin.
    pub const IS_TITLE: u32 = 7;
    /// Capitals, perhaps among characters without case.
    pub const IS_UPPER: u32 = 8;
    /// A web address.
    pub const LIKE_URL: u32 = 9;
    /// A number, in figures or words.
    pub const LIKE_NUM: u32 = 10;
    /// An e-mail address.
    pub const LIKE_EMAIL: u32 = 11;
    /// One of the language's stop words.
    pub const IS_STOP: u32 = 12;
    /// A bracket.
    pub const IS_BRACKET: u32 = 14;
    /// A quotation mark.
    pub const IS_QUOTE: u32 = 15;
    /// A bracket or quotation mark that opens.
    pub const IS_LEFT_PUNCT: u32 = 16;
    /// A bracket or quotation mark that closes.
    pub const IS_RIGHT_PUNCT: u32 = 17;
    /// A currency sign.
    pub const IS_CURRENCY: u32 = 18;

    /// Whether the feature with this attribute id is set.
    pub fn contains(self, attribute: u32) -> bool {
        1_u32.checked_shl(attribute).is_some_and(|bit| self.0 & bit != 0)
    }

    /// The features of a word that is not empty; `lower` is the word in lower case.
    pub(crate) fn of_word(text: &str, lower: &str, language: &Language) -> LexemeFlags {
        let features = [
            (Self::IS_ALPHA, CharClass::ALPHA.all(text)),
            (Self::IS_ASCII, text.is_ascii()),
            (Self::IS_DIGIT, CharClass::DIGIT.all(text)),
            (Self::IS_LOWER, has_case_only(text, CharClass::LOWER, CharClass::UPPER | CharClass::TITLE)),
            (Self::IS_PUNCT, CharClass::PUNCT.all(text)),
            (Self::IS_SPACE, text.chars().all(is_space)),
            (Self::IS_TITLE, is_title(text)),
            (Self::IS_UPPER, has_case_only(text, CharClass::UPPER, CharClass::LOWER | CharClass::TITLE)),
            (Self::LIKE_URL, like_url(text)),
            (Self::LIKE_NUM, language.numbers.matches(text)),
            (Self::LIKE_EMAIL, like_email(text)),
            (Self::IS_STOP, language.is_stop_word(lower)),
            (Self::IS_BRACKET, BRACKETS.contains(&text)),
            (Self::IS_QUOTE, QUOTES.contains(&text)),
            (Self::IS_LEFT_PUNCT, LEFT.contains(&text)),
            (Self::IS_RIGHT_PUNCT, RIGHT.contains(&text)),
            (Self::IS_CURRENCY, CharClass::CURRENCY.all(text) || language.is_currency(text)),
        ];
        // Each bit is set at most once, so the sum is their union.
        LexemeFlags(features.iter().map(|&(attribute, is_set)| u32::from(is_set) << attribute).sum())
    }
}

const BRACKETS: [&str; 8] = ["(", ")", "[", "]", "{", "}", "<", ">"];
const QUOTES: [&str; 19] =
    ["\"", "'", "`", "«", "»", "‘", "’", "‚", "‛", "“", "”", "„", "‟", "‹", "›", "❮", "❯", "''", "``"];
const LEFT: [&str; 16] = ["(", "[", "{", "<", "\"", "'", "«", "‘", "‚", "‛", "“", "„", "‟", "‹", "❮", "``"];
const RIGHT: [&str; 12] = [")", "]", "}", ">", "\"", "'", "»", "’", "”", "›", "❯", "''"];

/// Whether there are letters of one case and none of the other.
fn has_case_only(text: &str, wanted: CharClass, other: CharClass) -> bool {
    !text.chars().any(|c| other.has(c)) && text.chars().any(|c| wanted.has(c))
}

/// Whether capitals stand only after characters without case and small letters only after letters, with at least one
/// letter, as `str.istitle` has it.
fn is_title(text: &str) -> bool {
    let (mut after_letter, mut has_letter) = (false, false);
    for c in text.chars() {
        let is_capital = (CharClass::UPPER | CharClass::TITLE).has(c);
        // Letters without case count as no letters here, so that a capital may follow them.
        let is_letter = is_capital || CharClass::LOWER.has(c);
        if is_letter && is_capital == after_letter {
            return false;
        }
        after_letter = is_letter;
        has_letter |= is_letter;
    }
    has_letter
}

use std::borrow::Cow;

use crate::CharClass;

/// The text in lower case (`str.lower`); letters that Unicode 14.0 does not have stay as they are.
pub fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    if text.chars().all(|c| CharClass::ASSIGNED.has(c)) {
        return Cow::Owned(text.to_lowercase());
    }
    // The compiler's tables are newer than Python's and would lower-case such letters, so the text is cut at them.
    let pieces = text.split_inclusive(|c| !CharClass::ASSIGNED.has(c));
    Cow::Owned(pieces.map(lower_but_last).collect())
}

/// Lower-cases a piece that may end with an unassigned character.
fn lower_but_last(piece: &str) -> String {
    match piece.char_indices().next_back() {
        Some((start, c)) if !CharClass::ASSIGNED.has(c) => piece[..start].to_lowercase() + &piece[start..],
        _ => piece.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_letters_stay_and_end_a_word() {
        // U+A7CB came with Unicode 16.
        assert_eq!(lower("A\u{a7cb}ΟΣ\u{a7cb}Σ"), "a\u{a7cb}ος\u{a7cb}σ");
    }
}

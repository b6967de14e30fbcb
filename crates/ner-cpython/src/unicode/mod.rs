//! Character classes as CPython 3.11 knows them (Unicode 14.0), whatever version the compiler's own tables have.

use std::borrow::Cow;
use std::ops::BitOr;
use std::sync::LazyLock;

/// A set of classes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CharClass(u16);

impl CharClass {
    /// Letters: the characters that `str.isalpha` accepts.
    pub const ALPHA: CharClass = CharClass(1);
    /// Capitals (`str.isupper`).
    pub const UPPER: CharClass = CharClass(1 << 1);
    /// Small letters (`str.islower`).
    pub const LOWER: CharClass = CharClass(1 << 2);
    /// Ligatures of a capital and a small letter (category Lt).
    pub const TITLE: CharClass = CharClass(1 << 3);
    /// What `str.isdigit` accepts: superscripts too.
    pub const DIGIT: CharClass = CharClass(1 << 4);
    /// What `\d` matches.
    pub const DECIMAL: CharClass = CharClass(1 << 5);
    /// Characters with a numeric value, such as fractions (`str.isnumeric`).
    pub const NUMERIC: CharClass = CharClass(1 << 6);
    /// Punctuation (categories P*).
    pub const PUNCT: CharClass = CharClass(1 << 7);
    /// Currency signs (category Sc).
    pub const CURRENCY: CharClass = CharClass(1 << 8);
    /// Characters that Unicode 14.0 has (all categories but Cn).
    pub const ASSIGNED: CharClass = CharClass(1 << 9);
    /// Letters that may stand in a top-level domain: spaCy's lower-case letters, and those of scripts without case.
    pub const DOMAIN: CharClass = CharClass(1 << 10);

    /// Whether the character belongs to any of these classes.
    pub fn has(self, c: char) -> bool {
        class_of(c).0 & self.0 != 0
    }

    /// Whether there are characters and all belong to any of these classes.
    pub fn all(self, text: &str) -> bool {
        !text.is_empty() && text.chars().all(|c| self.has(c))
    }
}

impl BitOr for CharClass {
    type Output = CharClass;

    fn bitor(self, other: CharClass) -> CharClass {
        CharClass(self.0 | other.0)
    }
}

/// `unicode_14.txt` as pairs: from this code point on, these classes.
static RUNS: LazyLock<Vec<(u32, CharClass)>> = LazyLock::new(|| {
    let number = |text| u32::from_str_radix(text, 16).expect("the table is written in hexadecimal");
    let pairs = include_str!("unicode_14.txt").lines().filter_map(|line| line.split_once(' '));
    pairs.map(|(start, class)| (number(start), CharClass(number(class) as u16))).collect()
});

static ASCII: LazyLock<[CharClass; 128]> = LazyLock::new(|| std::array::from_fn(|code| search(code as u32)));

fn class_of(c: char) -> CharClass {
    ASCII.get(c as usize).copied().unwrap_or_else(|| search(c as u32))
}

fn search(code: u32) -> CharClass {
    RUNS[RUNS.partition_point(|&(start, _)| start <= code) - 1].1
}

/// Whether Python counts the character as white space: also the separators U+001C to U+001F.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The text in lower case; letters that Unicode 14.0 does not have stay as they are.
pub fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    if text.chars().all(|c| CharClass::ASSIGNED.has(c)) {
        return Cow::Owned(text.to_lowercase());
    }
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
    fn separators_are_space_and_newer_letters_are_unknown() {
        // CPython 3.11 counts 29 characters as space.
        assert_eq!(('\0'..=char::MAX).filter(|&c| is_space(c)).count(), 29);
        assert!('\u{1c}'.is_control() && is_space('\u{1c}') && !is_space('\u{200b}'));
        // U+A7CB came with Unicode 16.
        assert_eq!(lower("A\u{a7cb}ΟΣ\u{a7cb}Σ"), "a\u{a7cb}ος\u{a7cb}σ");
    }
}

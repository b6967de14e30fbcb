/// Whether Python counts the character as white space (`str.isspace`): Unicode does, or it is one of the separators
/// U+001C to U+001F.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The text without white space at both ends, as `str.strip` leaves it.
pub fn strip(text: &str) -> &str {
    let bytes = text.as_bytes();
    // Most texts begin and end with a letter of ASCII, and no character has to be decoded.
    let is_bare = [bytes.first(), bytes.last()].iter().all(|byte| byte.is_some_and(u8::is_ascii_graphic));
    if is_bare { text } else { text.trim_matches(is_space) }
}

/// The words between white space, as `str.split` gives them.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separators_of_ascii_are_white_space() {
        assert!('\u{1c}'.is_control() && is_space('\u{1c}') && !is_space('\u{200b}'));
        assert_eq!(strip("\u{1f} a\u{a0}b\n"), "a\u{a0}b");
        assert_eq!(words(" a\u{1c}\u{85}b ").collect::<Vec<_>>(), ["a", "b"]);
    }
}

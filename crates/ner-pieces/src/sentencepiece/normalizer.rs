use super::character_table::CharacterTable;
use crate::prefix_table::PrefixTable;

/// What stands for a space in pieces.
const SPACE_SYMBOL: &str = "\u{2581}";

/// How a text is written before it is cut into pieces (the library's `normalizer.cc`).
#[derive(Clone, Debug)]
pub(super) struct Normalizer {
    pub(super) table: CharacterTable,
    /// Pieces that are left as they are written.
    pub(super) kept: PrefixTable,
    pub(super) add_dummy_prefix: bool,
    pub(super) remove_extra_whitespaces: bool,
    pub(super) escape_whitespaces: bool,
    pub(super) treat_whitespace_as_suffix: bool,
}

impl Default for Normalizer {
    /// What the library does where a model says nothing.
    fn default() -> Normalizer {
        Normalizer {
            table: CharacterTable::default(),
            kept: PrefixTable::default(),
            add_dummy_prefix: true,
            remove_extra_whitespaces: true,
            escape_whitespaces: true,
            treat_whitespace_as_suffix: false,
        }
    }
}

impl Normalizer {
    /// The text with replaced characters, with spaces as symbols, and as many of them as the model wants.
    pub(super) fn normalize(&self, text: &str) -> String {
        let space = if self.escape_whitespaces { SPACE_SYMBOL } else { " " };
        let mut rest = text;
        if self.remove_extra_whitespaces {
            while let Some((" ", others)) = self.split_first(rest) {
                rest = others;
            }
        }
        if rest.is_empty() {
            return String::new();
        }
        let mut normalized = String::with_capacity(rest.len() + 2 * space.len());
        if self.add_dummy_prefix && !self.treat_whitespace_as_suffix {
            normalized.push_str(space);
        }
        let mut is_after_space = self.remove_extra_whitespaces;
        while let Some((mut part, others)) = self.split_first(rest) {
            rest = others;
            if is_after_space {
                part = part.trim_start_matches(' ');
            }
            if !part.is_empty() {
                part.split_inclusive(' ').for_each(|words| match words.strip_suffix(' ') {
                    Some(word) => normalized.extend([word, space]),
                    None => normalized.push_str(words),
                });
                is_after_space = self.remove_extra_whitespaces && part.ends_with(' ');
            }
        }
        if self.remove_extra_whitespaces {
            normalized.truncate(normalized.trim_end_matches(space).len());
        }
        if self.add_dummy_prefix && self.treat_whitespace_as_suffix {
            normalized.push_str(space);
        }
        normalized
    }

    /// What the text begins with, normalised, and what follows; nothing at the end.
    fn split_first<'a>(&'a self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let first = text.chars().next()?;
        if let Some((length, _)) = self.kept.beginnings(text.as_bytes()).last() {
            return Some(text.split_at(length));
        }
        let (length, replacement) =
            self.table.replace(text).unwrap_or((first.len_utf8(), &text[..first.len_utf8()]));
        Some((replacement, &text[length..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_collapsed_and_become_symbols() {
        let normalizer = Normalizer::default();
        assert_eq!(normalizer.normalize("  New   York "), "▁New▁York");
        assert_eq!(normalizer.normalize("   "), "");
        let all = Normalizer { remove_extra_whitespaces: false, ..Normalizer::default() };
        assert_eq!(all.normalize(" a  b "), "▁▁a▁▁b▁");
        let suffix = Normalizer { treat_whitespace_as_suffix: true, ..Normalizer::default() };
        assert_eq!(suffix.normalize("a b"), "a▁b▁");
        let plain =
            Normalizer { escape_whitespaces: false, add_dummy_prefix: false, ..Normalizer::default() };
        assert_eq!(plain.normalize(" a  b"), "a b");
    }
}

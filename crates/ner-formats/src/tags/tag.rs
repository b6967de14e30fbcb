use std::fmt;

/// The tag of a token as a file has it, of whatever scheme.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tag<'a> {
    /// In no entity.
    Out,
    /// It is not known whether in one.
    Unknown,
    /// In an entity; the letter, a capital, says where.
    Entity { letter: char, label: &'a str },
}

/// The letters of all schemes.
pub(super) const LETTERS: [char; 7] = ['B', 'I', 'L', 'U', 'E', 'S', 'M'];

/// Whether a text is the letter of a tag, without a label.
pub(crate) fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.starts_with(LETTERS)
}

impl<'a> Tag<'a> {
    /// Reads `O`, `-`, or a letter, a hyphen and a label.
    pub(crate) fn parse(text: &'a str) -> Option<Tag<'a>> {
        if let Some(tag) = Tag::without_label(text) {
            return Some(tag);
        }
        let letter = text.chars().next()?.to_ascii_uppercase();
        // spaCy: whatever stands between letter and label is passed over; of that, `B_PER` is met
        // (training/iob_utils.py).
        let label = text.get(1..)?.strip_prefix(['-', '_'])?;
        (LETTERS.contains(&letter) && !label.is_empty()).then_some(Tag::Entity { letter, label })
    }

    /// Reads a tag of the IO scheme: `O`, `-`, or a label, before which an `I-` may stand.
    pub(super) fn parse_label(text: &'a str) -> Option<Tag<'a>> {
        let label = text.strip_prefix("I-").unwrap_or(text);
        Tag::without_label(text).or((!label.is_empty()).then_some(Tag::Entity { letter: 'I', label }))
    }

    fn without_label(text: &str) -> Option<Tag<'a>> {
        match text {
            "O" | "o" => Some(Tag::Out),
            "-" => Some(Tag::Unknown),
            _ => None,
        }
    }

    pub(crate) fn label(self) -> Option<&'a str> {
        match self {
            Tag::Entity { label, .. } => Some(label),
            Tag::Out | Tag::Unknown => None,
        }
    }

    /// Whether an entity with the same label goes on with it.
    pub(super) fn continues(self) -> bool {
        matches!(self, Tag::Entity { letter: 'I' | 'L' | 'E' | 'M', .. })
    }
}

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tag::Out => f.write_str("O"),
            Tag::Unknown => f.write_str("-"),
            Tag::Entity { letter, label } => write!(f, "{letter}-{label}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_letter_and_a_label() {
        let check = |text, letter, label| assert_eq!(Tag::parse(text), Some(Tag::Entity { letter, label }));
        check("B-PER", 'B', "PER");
        check("i-per", 'I', "per");
        check("E_ÖRT", 'E', "ÖRT");
        check("S-DRUG-BRAND", 'S', "DRUG-BRAND");
        assert_eq!(Tag::parse("O"), Some(Tag::Out));
        assert_eq!(Tag::parse("-"), Some(Tag::Unknown));
        for other in ["B", "B-", "Bob", "PER-B", "PER", "Other", "0.98", "É-PER", "_", ""] {
            assert_eq!(Tag::parse(other), None, "{other}");
        }
    }
}

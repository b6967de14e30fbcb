use ner_vocab::{StringId, StringStore};

use crate::{DocError, Entity};

/// A token's place in an entity. A missing tag is `None::<BiluoTag>`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum BiluoTag {
    /// First of several tokens.
    Begin(StringId),
    /// Neither first nor last.
    In(StringId),
    /// Last of several tokens.
    Last(StringId),
    /// The only token.
    Unit(StringId),
    /// In no entity.
    Out,
}

impl BiluoTag {
    /// Reads `B-LABEL`, `O` and so on, keeping the label in `strings`; `None` for a missing tag, which is
    /// written `-`.
    pub fn parse(text: &str, strings: &StringStore) -> Result<Option<BiluoTag>, DocError> {
        // spaCy: only the first letter decides, and the label is what follows the second, whatever that is
        // (training/iob_utils.py).
        let label = || strings.add(text.char_indices().nth(2).map_or("", |(start, _)| &text[start..]));
        match text.as_bytes().first() {
            Some(b'B') => Ok(Some(BiluoTag::Begin(label()))),
            Some(b'I') => Ok(Some(BiluoTag::In(label()))),
            Some(b'L') => Ok(Some(BiluoTag::Last(label()))),
            Some(b'U') => Ok(Some(BiluoTag::Unit(label()))),
            Some(b'O') => Ok(Some(BiluoTag::Out)),
            Some(b'-') => Ok(None),
            _ => Err(DocError::UnknownTag { tag: text.to_owned() }),
        }
    }

    /// Writes `B-LABEL`, `O` and so on. A label that `strings` does not hold is written as its number.
    pub fn to_text(self, strings: &StringStore) -> String {
        let Some(label) = self.label() else { return "O".to_owned() };
        match strings.get(label) {
            Some(text) => format!("{}-{text}", self.letter()),
            None => format!("{}-{label}", self.letter()),
        }
    }

    /// The label; `None` outside entities.
    pub fn label(self) -> Option<StringId> {
        match self {
            BiluoTag::Begin(label) | BiluoTag::In(label) | BiluoTag::Last(label) | BiluoTag::Unit(label) => {
                Some(label)
            }
            BiluoTag::Out => None,
        }
    }

    /// The tag's letter: one of `B`, `I`, `L`, `U`, `O`.
    pub fn letter(self) -> char {
        match self {
            BiluoTag::Begin(_) => 'B',
            BiluoTag::In(_) => 'I',
            BiluoTag::Last(_) => 'L',
            BiluoTag::Unit(_) => 'U',
            BiluoTag::Out => 'O',
        }
    }

    /// Tags of an entity of `n_tokens` tokens.
    pub(crate) fn of_entity(label: StringId, n_tokens: usize) -> impl Iterator<Item = BiluoTag> {
        (0..n_tokens).map(move |index| match index {
            0 if n_tokens == 1 => BiluoTag::Unit(label),
            0 => BiluoTag::Begin(label),
            _ if index + 1 == n_tokens => BiluoTag::Last(label),
            _ => BiluoTag::In(label),
        })
    }
}

/// Turns tags of the IOB1, IOB2 or BILUO scheme into BILUO: an entity starts at any tag except `O` and continues while
/// `I-` or `L-` with the same label follows. A single tag without a label is an error.
pub fn iob_to_biluo<S: AsRef<str>>(tags: &[S]) -> Result<Vec<String>, DocError> {
    let mut biluo = Vec::with_capacity(tags.len());
    while let Some(first) = tags.get(biluo.len()).map(AsRef::as_ref) {
        if first == "O" {
            biluo.push("O".to_owned());
            continue;
        }
        // The dash belongs to what is compared, since a label may be empty.
        let suffix = without_chars(first, 1);
        let continues = |tag: &&S| tag.as_ref().strip_prefix(['I', 'L']) == Some(suffix);
        let length = 1 + tags[biluo.len() + 1..].iter().take_while(continues).count();
        let label = without_chars(first, 2);
        if length == 1 && label.is_empty() {
            return Err(DocError::UnknownTag { tag: first.to_owned() });
        }
        let letters = BiluoTag::of_entity(StringId::EMPTY, length).map(BiluoTag::letter);
        biluo.extend(letters.map(|letter| format!("{letter}-{label}")));
    }
    Ok(biluo)
}

fn without_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or("", |(start, _)| &text[start..])
}

/// Turns BILUO tags into IOB2.
pub fn biluo_to_iob<S: AsRef<str>>(tags: &[S]) -> Vec<String> {
    // spaCy: the first "U-" and the first "L-" are replaced wherever they stand, even within a label
    // (training/iob_utils.py).
    tags.iter().map(|tag| tag.as_ref().replacen("U-", "B-", 1).replacen("L-", "I-", 1)).collect()
}

/// The entities that tags describe; a missing tag outside an entity becomes a one-token entity with an empty
/// label. An entity that a missing tag interrupts or that is never closed is dropped, as in spaCy.
pub fn tags_to_entities(tags: &[Option<BiluoTag>]) -> Result<Vec<Entity>, DocError> {
    let mut entities = Vec::new();
    let mut open: Option<usize> = None;
    for (index, tag) in tags.iter().enumerate() {
        match *tag {
            None if open.take().is_some() => {}
            None => entities.push(Entity { start: index, end: index + 1, label: StringId::EMPTY }),
            Some(BiluoTag::Out) => {}
            Some(BiluoTag::Unit(label)) => entities.push(Entity { start: index, end: index + 1, label }),
            Some(BiluoTag::Begin(_)) => open = Some(index),
            Some(BiluoTag::In(_)) if open.is_some() => {}
            Some(BiluoTag::In(_)) => return Err(DocError::TagWithoutBegin { index }),
            // spaCy: the label of the last tag holds, whatever the first one said (training/iob_utils.py).
            Some(BiluoTag::Last(label)) => {
                let start = open.take().ok_or(DocError::TagWithoutBegin { index })?;
                entities.push(Entity { start, end: index + 1, label });
            }
        }
    }
    Ok(entities)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(tags: &str, expected: Expect) {
        let strings = StringStore::default();
        let tags = tags.split(' ').map(|tag| BiluoTag::parse(tag, &strings)).collect::<Result<Vec<_>, _>>();
        let found = match tags.and_then(|tags| tags_to_entities(&tags)) {
            Ok(entities) => entities
                .iter()
                .map(|entity| {
                    format!("{}..{} {}", entity.start, entity.end, strings.get(entity.label).unwrap())
                })
                .collect::<Vec<_>>()
                .join(", "),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn tags_describe_entities() {
        check("O B-A I-A L-A U-B-C", expect!["1..4 A, 4..5 B-C"]);
        check("- B-A - O", expect!["0..1 "]);
        check("B-A O U-B L-C", expect!["2..3 B, 0..4 C"]);
        check("O I-A", expect!["tag 1 continues an entity that no tag began; begin it with B- or use U-"]);
        check("Q-A", expect![[r#"tag "Q-A" is not of the form B-LABEL, I-LABEL, L-LABEL, U-LABEL, O or -"#]]);
    }

    #[test]
    fn schemes_convert() {
        assert_eq!(iob_to_biluo(&["I-A", "I-A", "B-A", "O"]).unwrap(), ["B-A", "L-A", "U-A", "O"]);
        assert_eq!(biluo_to_iob(&["B-A", "L-A", "U-A", "B-TU-X"]), ["B-A", "I-A", "B-A", "B-TB-X"]);
    }
}

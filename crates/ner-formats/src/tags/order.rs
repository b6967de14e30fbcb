//! Tags that do not follow the one before them. spaCy repairs them in silence; so do the converters here, with a
//! warning.

use std::fmt;

use ner_doc::BiluoTag;
use ner_vocab::StringStore;

use super::{Scheme, Tag};

/// A tag that does not follow the one before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misplaced {
    /// Index of its token; of a tag that is missing at the end, that of the last token.
    pub(crate) index: usize,
    found: String,
    reading: &'static str,
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.found, self.reading)
    }
}

/// The tags that do not follow the one before them in their scheme, and are read all the same.
pub(crate) fn misplaced_tags(tags: &[Tag<'_>], scheme: Scheme) -> Vec<Misplaced> {
    if scheme.begins_inside() {
        return Vec::new();
    }
    let check = |(index, &tag): (usize, &Tag<'_>)| {
        let previous = index.checked_sub(1).map(|before| tags[before]);
        let (found, reading) = misplacement(tag, previous, scheme)?;
        Some(Misplaced { index, found, reading })
    };
    tags.iter().enumerate().filter_map(check).collect()
}

/// Why a tag does not follow `previous`, and how it is read all the same; `None` if it does follow.
fn misplacement(tag: Tag<'_>, previous: Option<Tag<'_>>, scheme: Scheme) -> Option<(String, &'static str)> {
    let label = tag.label().filter(|_| tag.continues())?;
    let inner = if scheme == Scheme::Bmes { 'M' } else { 'I' };
    let of_same_label = previous.filter(|before| before.label() == Some(label));
    if matches!(of_same_label, Some(Tag::Entity { letter, .. }) if letter == 'B' || letter == inner) {
        return None;
    }
    let previous = previous.map(|previous| previous.to_string());
    let after = or_nothing(previous.as_deref());
    let found = format!("has the tag {tag} after {after}, not after B-{label} or {inner}-{label}");
    let reading = match of_same_label {
        Some(_) => "read as part of the entity before it",
        None => "read as the beginning of an entity",
    };
    Some((found, reading))
}

fn or_nothing(previous: Option<&str>) -> &str {
    previous.unwrap_or("no other tag")
}

/// The tags of the BILUO scheme that `tags_to_entities` accepts out of order.
pub(crate) fn misplaced_biluo(tags: &[Option<BiluoTag>], strings: &StringStore) -> Vec<Misplaced> {
    let reading = "what no L- closes is no entity, and the label of an L- holds for all that it closes";
    let text = |tag: Option<BiluoTag>| tag.map_or_else(|| "-".to_owned(), |tag| tag.to_text(strings));
    let mut misplaced = Vec::new();
    // The label that the next tag has to carry on; B- and I- leave one open, and nothing else may stand before I- or L-.
    let mut open = None;
    for (index, &tag) in tags.iter().enumerate() {
        let continued = match tag {
            Some(BiluoTag::In(label) | BiluoTag::Last(label)) => Some(label),
            _ => None,
        };
        if open != continued {
            let previous = index.checked_sub(1).map(|before| text(tags[before]));
            let found = format!("has the tag {} after {}", text(tag), or_nothing(previous.as_deref()));
            misplaced.push(Misplaced { index, found, reading });
        }
        open = match tag {
            Some(BiluoTag::Begin(label) | BiluoTag::In(label)) => Some(label),
            _ => None,
        };
    }
    if open.is_some() {
        let index = tags.len() - 1;
        let found = format!("has the tag {} and is the last token", text(tags[index]));
        misplaced.push(Misplaced { index, found, reading });
    }
    misplaced
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(misplaced: &[Misplaced], expected: &Expect) {
        let lines = misplaced.iter().map(|tag| format!("{} {tag}", tag.index));
        expected.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
    }

    #[track_caller]
    fn check_tags(scheme: Scheme, tags: &str, expected: Expect) {
        let tags: Vec<_> = tags.split(' ').map(|tag| Tag::parse(tag).unwrap()).collect();
        check(&misplaced_tags(&tags, scheme), &expected);
    }

    #[track_caller]
    fn check_biluo(tags: &str, expected: Expect) {
        let strings = StringStore::default();
        let tags = tags.split(' ').map(|tag| BiluoTag::parse(tag, &strings).unwrap());
        check(&misplaced_biluo(&tags.collect::<Vec<_>>(), &strings), &expected);
    }

    #[test]
    fn tags_that_do_not_follow_are_found() {
        check_tags(Scheme::Biluo, "O B-A I-A I-A B-A U-B B-C L-C - O", expect![""]);
        check_tags(
            Scheme::Iob2,
            "I-A O I-A I-B",
            expect![[r#"
                0 has the tag I-A after no other tag, not after B-A or I-A; read as the beginning of an entity
                2 has the tag I-A after O, not after B-A or I-A; read as the beginning of an entity
                3 has the tag I-B after I-A, not after B-B or I-B; read as the beginning of an entity"#]],
        );
        check_tags(
            Scheme::Biluo,
            "U-A I-A",
            expect![
                "1 has the tag I-A after U-A, not after B-A or I-A; read as part of the entity before it"
            ],
        );
        check_tags(
            Scheme::Bmes,
            "B-A M-A E-A M-B",
            expect!["3 has the tag M-B after E-A, not after B-B or M-B; read as the beginning of an entity"],
        );
        check_tags(Scheme::Iob1, "I-A O I-A I-B B-B", expect![""]);
    }

    #[test]
    fn tags_of_biluo_that_do_not_follow_are_found() {
        check_biluo("- B-A I-A L-A U-B O - B-A L-A", expect![""]);
        check_biluo(
            "B-A L-B B-A O B-A -",
            expect![[r#"
                1 has the tag L-B after B-A; what no L- closes is no entity, and the label of an L- holds for all that it closes
                3 has the tag O after B-A; what no L- closes is no entity, and the label of an L- holds for all that it closes
                5 has the tag - after B-A; what no L- closes is no entity, and the label of an L- holds for all that it closes"#]],
        );
        check_biluo(
            "O B-A",
            expect![
                "1 has the tag B-A and is the last token; what no L- closes is no entity, and the label of an L- holds for all that it closes"
            ],
        );
    }
}

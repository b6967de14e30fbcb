//! Tags that do not follow the one before them. spaCy reads them as best it can, in silence; so do the converters here,
//! but they say so.

use ner_doc::{BiluoTag, StringStore};

use super::run::Job;

/// Tags of a file that are named one by one; the others are counted.
const MAX_NAMED: usize = 5;

/// A tag that does not follow the one before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// Index of its token; of a tag that is missing at the end, that of the last token.
    pub(super) index: usize,
    found: String,
    reading: &'static str,
}

impl Job<'_> {
    /// Warns of a tag of `word`, which the file has in `part`.
    pub(super) fn warn_of_tag(&mut self, part: &str, word: &str, tag: &Misplaced) {
        self.n_misplaced += 1;
        if self.n_misplaced <= MAX_NAMED {
            let place = self.source.place(part);
            self.warn(format!("{place}: {word:?} {}; {}", tag.found, tag.reading));
        }
    }

    /// Says how many tags there were if not all of them were named.
    pub(super) fn count_misplaced(&mut self) {
        let n_misplaced = self.n_misplaced;
        if n_misplaced > MAX_NAMED {
            let file = self.source.file().display();
            self.warn(format!(
                "{file}: {n_misplaced} tags do not follow the one before them; the first {MAX_NAMED} are named above"
            ));
        }
    }
}

/// The tags of the IOB or BILUO scheme that `iob_to_biluo` repairs.
pub(super) fn misplaced_iob<S: AsRef<str>>(tags: &[S]) -> Vec<Misplaced> {
    let check = |(index, tag): (usize, &S)| {
        let tag = tag.as_ref();
        let previous = index.checked_sub(1).map(|before| tags[before].as_ref());
        let begins = "read as the beginning of an entity";
        let found = match tag.chars().next() {
            Some('B' | 'U') => return None,
            _ if tag == "O" => return None,
            Some(letter @ ('I' | 'L')) => {
                let suffix = &tag[letter.len_utf8()..];
                let is_same = |before: &str| before.get(1..) == Some(suffix);
                if previous.is_some_and(|before| before.starts_with(['B', 'I']) && is_same(before)) {
                    return None;
                }
                let found = format!(
                    "has the tag {tag} after {}, not after B{suffix} or I{suffix}",
                    or_nothing(previous)
                );
                if previous.is_some_and(is_same) {
                    return Some(Misplaced { index, found, reading: "read as part of the entity before it" });
                }
                found
            }
            _ => format!("has the tag {tag}, which is neither of the IOB nor of the BILUO scheme"),
        };
        Some(Misplaced { index, found, reading: begins })
    };
    tags.iter().enumerate().filter_map(check).collect()
}

fn or_nothing(previous: Option<&str>) -> &str {
    previous.unwrap_or("none")
}

/// The tags of the BILUO scheme that `tags_to_entities` puts up with.
pub(super) fn misplaced_biluo(tags: &[Option<BiluoTag>], strings: &StringStore) -> Vec<Misplaced> {
    let reading = "what no L- closes is no entity, and the label of an L- holds for all that it closes";
    let text = |tag: Option<BiluoTag>| tag.map_or_else(|| "-".to_owned(), |tag| tag.to_text(strings));
    let mut misplaced = Vec::new();
    let mut open = None;
    for (index, &tag) in tags.iter().enumerate() {
        let goes_on = match tag {
            Some(BiluoTag::In(label) | BiluoTag::Last(label)) => Some(label),
            _ => None,
        };
        if open != goes_on {
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
        let lines = misplaced.iter().map(|tag| format!("{} {}; {}", tag.index, tag.found, tag.reading));
        expected.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
    }

    #[track_caller]
    fn check_iob(tags: &str, expected: Expect) {
        check(&misplaced_iob(&tags.split(' ').collect::<Vec<_>>()), &expected);
    }

    #[track_caller]
    fn check_biluo(tags: &str, expected: Expect) {
        let strings = StringStore::default();
        let tags = tags.split(' ').map(|tag| BiluoTag::parse(tag, &strings).unwrap());
        check(&misplaced_biluo(&tags.collect::<Vec<_>>(), &strings), &expected);
    }

    #[test]
    fn tags_of_iob_that_do_not_follow_are_found() {
        check_iob("O B-A I-A I-A B-A U-B B-C L-C O", expect![""]);
        check_iob(
            "I-A O I-A I-B",
            expect![[r#"
                0 has the tag I-A after none, not after B-A or I-A; read as the beginning of an entity
                2 has the tag I-A after O, not after B-A or I-A; read as the beginning of an entity
                3 has the tag I-B after I-A, not after B-B or I-B; read as the beginning of an entity"#]],
        );
        check_iob(
            "U-A I-A S-A E-A É",
            expect![[r#"
                1 has the tag I-A after U-A, not after B-A or I-A; read as part of the entity before it
                2 has the tag S-A, which is neither of the IOB nor of the BILUO scheme; read as the beginning of an entity
                3 has the tag E-A, which is neither of the IOB nor of the BILUO scheme; read as the beginning of an entity
                4 has the tag É, which is neither of the IOB nor of the BILUO scheme; read as the beginning of an entity"#]],
        );
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

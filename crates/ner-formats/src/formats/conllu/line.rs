use std::str::Split;

use ner_cpython::{is_space, strip};

use crate::FormatError;
use crate::source::Source;
use crate::tags::{Tag, is_letter};

const N_COLUMNS: usize = 10;

/// A line of a CoNLL-U file: a word, a range of words written as one, or an empty node.
pub(super) struct ConlluLine<'a> {
    pub(super) id: &'a str,
    pub(super) form: &'a str,
    pub(super) lemma: &'a str,
    pub(super) upos: &'a str,
    pub(super) xpos: &'a str,
    pub(super) feats: &'a str,
    pub(super) head: &'a str,
    pub(super) deprel: &'a str,
    pub(super) misc: &'a str,
}

impl<'a> ConlluLine<'a> {
    fn parse(source: &Source, line: &'a str) -> Result<ConlluLine<'a>, FormatError> {
        let columns: Vec<&str> = line.split('\t').collect();
        let &[id, form, lemma, upos, xpos, feats, head, deprel, _, misc] = columns.as_slice() else {
            let message = format!("expected {N_COLUMNS} columns separated by tabs, found {}", columns.len());
            return Err(source.error(line, None, message));
        };
        Ok(ConlluLine { id, form, lemma, upos, xpos, feats, head, deprel, misc })
    }

    /// An empty node, which is not a word of the text.
    pub(super) fn is_empty_node(&self) -> bool {
        self.id.contains('.')
    }

    /// First and last id, such as those of `3-4`, if the line is about a range of words.
    pub(super) fn range(&self) -> Option<(&'a str, &'a str)> {
        self.id.split_once('-')
    }

    pub(super) fn has_space_after(&self) -> bool {
        !self.misc.contains("SpaceAfter=No")
    }

    /// Whether a sentence begins with it.
    fn is_first(&self) -> bool {
        self.id.split('-').next() == Some("1")
    }

    pub(super) fn is_word(&self) -> bool {
        !self.is_empty_node() && self.range().is_none()
    }

    /// The entity tag of the last column, if there is one.
    pub(super) fn entity_tag(&self) -> Option<&'a str> {
        self.misc_parts().find_map(entity_tag)
    }

    /// A tag of the last column that lacks its label, as that of a file that was cut short does.
    pub(super) fn tag_without_label(&self) -> Option<&'a str> {
        self.misc_parts().find(|part| is_letter(part.strip_suffix('-').unwrap_or(part)))
    }

    fn misc_parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.misc.split(|c| c == '|' || is_space(c))
    }
}

/// The entity tag that a part of the last column holds: alone, or as the value of one of several keys.
fn entity_tag(part: &str) -> Option<&str> {
    let is_tag = |tag: &&str| *tag == "O" || matches!(Tag::parse(tag), Some(Tag::Entity { .. }));
    // Under these keys stands nothing else, so that what is no tag is a fault and not some other annotation.
    let value = ["name=", "NE=", "NER="].into_iter().find_map(|key| part.strip_prefix(key));
    let of_entities = part.strip_prefix("Entity=").filter(is_tag);
    let alone = Some(part)
        .filter(|part| is_tag(part) && part.starts_with(|letter: char| letter.is_ascii_uppercase()));
    value.filter(|value| *value != "_").or(of_entities).or(alone)
}

/// The sentences of a file, without comments.
pub(super) struct Sentences<'a> {
    source: &'a Source,
    lines: Split<'a, char>,
    /// The first line of the next sentence, if no blank line stood before it.
    unparted: Option<ConlluLine<'a>>,
    /// The ids of sentences without a blank line before them.
    pub(super) all_unparted: Vec<&'a str>,
}

impl<'a> Sentences<'a> {
    pub(super) fn of(source: &'a Source) -> Sentences<'a> {
        Sentences { source, lines: source.text().split('\n'), unparted: None, all_unparted: Vec::new() }
    }

    fn next_sentence(&mut self) -> Result<Option<Vec<ConlluLine<'a>>>, FormatError> {
        let mut sentence: Vec<_> = self.unparted.take().into_iter().collect();
        for line in self.lines.by_ref() {
            if strip(line).is_empty() {
                if sentence.is_empty() { continue } else { break }
            }
            if line.starts_with('#') {
                continue;
            }
            let line = ConlluLine::parse(self.source, line)?;
            if line.is_first() && sentence.iter().any(ConlluLine::is_word) {
                self.all_unparted.push(line.id);
                self.unparted = Some(line);
                break;
            }
            sentence.push(line);
        }
        Ok(Some(sentence).filter(|sentence| !sentence.is_empty()))
    }
}

impl<'a> Iterator for Sentences<'a> {
    type Item = Result<Vec<ConlluLine<'a>>, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_sentence().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags_are_found_in_the_last_column() {
        let check = |part, expected| assert_eq!(entity_tag(part), expected, "{part}");
        check("B-PER", Some("B-PER"));
        check("name=U-A_B", Some("U-A_B"));
        check("NE=L-ORGx", Some("L-ORGx"));
        check("NER=O", Some("O"));
        check("NER=Person", Some("Person"));
        check("Entity=B-per", Some("B-per"));
        check("O", Some("O"));
        for other in ["Other", "b-per", "-", "_", "NER=_", "Entity=(e1-person", "SpaceAfter=No", "É-PER", ""]
        {
            check(other, None);
        }
    }

    #[test]
    fn sentences_are_parted_by_blank_lines_or_begin_with_their_first_word() {
        let line = |id: &str| format!("{id}\ta\t_\t_\t_\t_\t_\t_\t_\t_\n");
        let check = |lines: &[&str], expected: &[&str]| {
            let text: String = lines
                .iter()
                .map(|id| if id.starts_with(['#', ' ']) { format!("{id}\n") } else { line(id) })
                .collect();
            let source = Source::of(text, std::path::Path::new("a.conllu"));
            let ids = |sentence: Result<Vec<ConlluLine<'_>>, FormatError>| {
                sentence.unwrap().iter().map(|line| line.id).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(Sentences::of(&source).map(ids).collect::<Vec<_>>(), expected);
        };
        check(&["# a", "1-2", "1", "2", "2.1", " ", "1"], &["1-2 1 2 2.1", "1"]);
        check(&["# a", " ", "1", "# b", "2", "# c", "1", "1-2", "1"], &["1 2", "1", "1-2 1"]);
    }
}

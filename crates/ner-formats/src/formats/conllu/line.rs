use ner_cpython::strip;

use crate::FormatError;
use crate::source::Source;

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

    /// The entity tag of the last column, if there is one: `O`, or a letter and a label.
    pub(super) fn entity_tag(&self) -> Option<EntityTag<'a>> {
        self.misc.split('|').find_map(EntityTag::parse)
    }
}

/// An entity tag as it stands in a CoNLL-U file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum EntityTag<'a> {
    Out,
    Entity { letter: char, label: &'a str },
}

impl<'a> EntityTag<'a> {
    fn parse(text: &'a str) -> Option<EntityTag<'a>> {
        if text == "O" {
            return Some(EntityTag::Out);
        }
        let tag = text.strip_prefix("name=").or_else(|| text.strip_prefix("NE=")).unwrap_or(text);
        let letter = tag.chars().next().filter(|letter| "BILU".contains(*letter))?;
        let label = tag[1..].strip_prefix('-')?;
        // spaCy: a label is capital letters and underscores; what follows is not looked at.
        let end = label.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap_or(label.len());
        (end > 0).then_some(EntityTag::Entity { letter, label: &label[..end] })
    }

    /// The tag in the IOB scheme.
    pub(super) fn to_text(self) -> String {
        match self {
            EntityTag::Out => "O".to_owned(),
            EntityTag::Entity { letter, label } => format!("{letter}-{label}"),
        }
    }
}

/// The sentences of a file, each without the comments before it.
pub(super) fn sentences(source: &Source) -> impl Iterator<Item = Result<Vec<ConlluLine<'_>>, FormatError>> {
    strip(source.text()).split("\n\n").map(|sentence| {
        // Only comments in front: a `#` further down is a word.
        let lines = strip(sentence).split('\n').skip_while(|line| line.starts_with('#'));
        let lines: Vec<_> = lines.map(|line| ConlluLine::parse(source, line)).collect::<Result<_, _>>()?;
        if lines.is_empty() {
            return Err(source.error(sentence, None, "expected a sentence after the comments, found none"));
        }
        Ok(lines)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags_are_found_in_the_last_column() {
        let entity = |letter, label| Some(EntityTag::Entity { letter, label });
        assert_eq!(EntityTag::parse("B-PER"), entity('B', "PER"));
        assert_eq!(EntityTag::parse("name=U-A_B"), entity('U', "A_B"));
        assert_eq!(EntityTag::parse("NE=L-ORGx"), entity('L', "ORG"));
        assert_eq!(EntityTag::parse("O"), Some(EntityTag::Out));
        for other in ["Other", "B-per", "name=O", "SpaceAfter=No", "É-PER", ""] {
            assert_eq!(EntityTag::parse(other), None, "{other}");
        }
    }
}

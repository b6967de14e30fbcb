use super::Scheme;
use super::tag::{LETTERS, Tag};

/// What the tags of a file show of their scheme. They are added in their order, with the ends of sentences.
pub(crate) struct Survey<'a> {
    given: Option<Scheme>,
    /// The first tag with each letter.
    first: [Option<&'a str>; LETTERS.len()],
    previous: Option<Tag<'a>>,
    /// An `I-` begins an entity.
    begins_inside: bool,
    /// A `B-` stands where nothing has to be parted.
    begins_freely: bool,
}

/// Why tags are of no scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemeError<'a> {
    /// A text that is no tag; the scheme is the one that was asked for.
    NoTag(&'a str, Option<Scheme>),
    /// Two tags that no scheme has both.
    Mixed(&'a str, &'a str),
}

impl<'a> Survey<'a> {
    /// `given`: the scheme, if it is known.
    pub(crate) fn new(given: Option<Scheme>) -> Survey<'a> {
        Survey {
            given,
            first: [None; LETTERS.len()],
            previous: None,
            begins_inside: false,
            begins_freely: false,
        }
    }

    pub(crate) fn add(&mut self, text: &'a str) -> Result<Tag<'a>, SchemeError<'a>> {
        let tag = self.given.map_or_else(|| Tag::parse(text), |scheme| scheme.tag(text));
        let tag = tag.ok_or(SchemeError::NoTag(text, self.given))?;
        if let Tag::Entity { letter, label } = tag {
            let follows_its_like = self.previous.and_then(Tag::label) == Some(label);
            self.begins_inside |= letter == 'I' && !follows_its_like;
            self.begins_freely |= letter == 'B' && !follows_its_like;
            let seen = LETTERS.iter().zip(&mut self.first).find(|(other, _)| **other == letter);
            seen.expect("a tag has one of these letters").1.get_or_insert(text);
        }
        self.previous = Some(tag);
        Ok(tag)
    }

    pub(crate) fn end_sentence(&mut self) {
        self.previous = None;
    }

    /// The scheme that was given, or else the first that has the letters of all tags.
    pub(crate) fn scheme(&self) -> Result<Scheme, SchemeError<'a>> {
        if let Some(scheme) = self.given {
            return Ok(scheme);
        }
        let met = || LETTERS.into_iter().zip(self.first).filter_map(|(letter, text)| Some((letter, text?)));
        let has_all = |scheme: &Scheme| met().all(|(letter, _)| scheme.letters().contains(letter));
        match [Scheme::Iob2, Scheme::Biluo, Scheme::Bioes, Scheme::Bmes].into_iter().find(has_all) {
            // A file of IOB2 with faults has entities that begin inside too, but also some that begin as they should.
            Some(Scheme::Iob2) if self.begins_inside && !self.begins_freely => Ok(Scheme::Iob1),
            Some(scheme) => Ok(scheme),
            None => Err(self.conflict()),
        }
    }

    /// Two tags that no scheme has both.
    fn conflict(&self) -> SchemeError<'a> {
        const APART: [(char, char); 7] =
            [('L', 'E'), ('L', 'S'), ('L', 'M'), ('U', 'E'), ('U', 'S'), ('U', 'M'), ('I', 'M')];
        let first =
            |letter: char| LETTERS.iter().position(|other| *other == letter).and_then(|at| self.first[at]);
        let pair = APART.iter().find_map(|(one, other)| first(*one).zip(first(*other)));
        let (one, other) = pair.expect("letters of no common scheme have such a pair");
        SchemeError::Mixed(one, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentences: &str, expected: Result<Scheme, SchemeError<'_>>) {
        let mut survey = Survey::new(None);
        for sentence in sentences.split(" / ") {
            sentence.split(' ').for_each(|tag| assert!(survey.add(tag).is_ok(), "{tag}"));
            survey.end_sentence();
        }
        assert_eq!(survey.scheme(), expected, "{sentences}");
    }

    #[test]
    fn letters_tell_the_scheme() {
        check("O O", Ok(Scheme::Iob2));
        check("B-A I-A O B-A", Ok(Scheme::Iob2));
        check("B-A L-A O", Ok(Scheme::Biluo));
        check("O U-A", Ok(Scheme::Biluo));
        check("B-A E-A", Ok(Scheme::Bioes));
        check("S-A", Ok(Scheme::Bioes));
        check("B-A I-A E-A S-A", Ok(Scheme::Bioes));
        check("B-A M-A E-A S-A", Ok(Scheme::Bmes));
    }

    #[test]
    fn entities_that_begin_inside_tell_iob1() {
        check("I-A O I-A I-B", Ok(Scheme::Iob1));
        check("O I-A B-A I-A", Ok(Scheme::Iob1));
        check("I-A B-A / B-A", Ok(Scheme::Iob2));
        check("B-A I-B", Ok(Scheme::Iob2));
        check("B-A B-A I-A", Ok(Scheme::Iob2));
    }

    #[test]
    fn letters_of_two_schemes_are_named() {
        check("B-A L-A S-B", Err(SchemeError::Mixed("L-A", "S-B")));
        check("B-A I-A M-B E-B", Err(SchemeError::Mixed("I-A", "M-B")));
    }

    #[test]
    fn a_scheme_that_is_given_holds() {
        let mut survey = Survey::new(Some(Scheme::Io));
        assert_eq!(survey.add("PER"), Ok(Tag::Entity { letter: 'I', label: "PER" }));
        assert_eq!(survey.add("O"), Ok(Tag::Out));
        assert_eq!(survey.scheme(), Ok(Scheme::Io));
        let mut survey = Survey::new(Some(Scheme::Iob2));
        assert_eq!(survey.add("S-A"), Err(SchemeError::NoTag("S-A", Some(Scheme::Iob2))));
    }
}

use ner_cpython::{is_space, strip};

/// The first word of the lines between documents in the files of CoNLL-2003. What stands behind it differs.
const DOCUMENT_MARK: &str = "-DOCSTART-";

/// The sentences of a file by documents, as its blank lines and marks part them. A sentence is a piece of the text.
pub(super) struct Boundaries<'a> {
    pub(super) documents: Vec<Vec<&'a str>>,
    /// Whether there is a blank line.
    pub(super) has_sentences: bool,
    /// Whether there is a document mark.
    pub(super) has_documents: bool,
}

impl<'a> Boundaries<'a> {
    pub(super) fn of(text: &'a str) -> Boundaries<'a> {
        let mut found =
            Boundaries { documents: vec![Vec::new()], has_sentences: false, has_documents: false };
        let (mut start, mut end) = (0, 0);
        for line in text.split_inclusive('\n') {
            let (is_mark, is_blank) = (is_mark(line), strip(line).is_empty());
            if is_mark || is_blank {
                found.end_sentence(&text[start..end]);
                start = end + line.len();
            }
            if is_mark {
                found.documents.push(Vec::new());
            }
            found.has_documents |= is_mark;
            found.has_sentences |= is_blank;
            end += line.len();
        }
        found.end_sentence(&text[start..end]);
        found
    }

    fn end_sentence(&mut self, sentence: &'a str) {
        if !sentence.is_empty() {
            let document = self.documents.last_mut().expect("there is a first one");
            document.push(sentence.strip_suffix('\n').unwrap_or(sentence));
        }
    }
}

/// Whether a line is the mark of a new document.
pub(super) fn is_mark(line: &str) -> bool {
    line.strip_prefix(DOCUMENT_MARK).is_some_and(|rest| rest.is_empty() || rest.starts_with(is_space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&[&str]]) {
        assert_eq!(Boundaries::of(text).documents, expected);
    }

    #[test]
    fn blank_lines_part_sentences_and_marks_documents() {
        check("a\nb\n\nc", &[&["a\nb", "c"]]);
        check("\n \na\n\t\n\nb\n\n", &[&["a", "b"]]);
        check("-DOCSTART- -X- O\n\na\n\nb\n-DOCSTART-\nc\n", &[&[], &["a", "b"], &["c"]]);
        check("-DOCSTART-X a\n", &[&["-DOCSTART-X a"]]);
        check("", &[&[]]);
    }
}

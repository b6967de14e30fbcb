use ner_cpython::is_space;

/// A stretch of the text that is all white space or holds none.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run<'t> {
    pub(crate) text: &'t str,
    /// Whether one space that belongs to no run follows.
    pub(crate) space_after: bool,
}

/// Cuts a text into runs. The first space after a word belongs to the word before it.
#[derive(Clone, Debug)]
pub(crate) struct Runs<'t> {
    rest: &'t str,
}

impl<'t> Runs<'t> {
    pub(crate) fn new(text: &'t str) -> Runs<'t> {
        Runs { rest: text }
    }
}

impl<'t> Iterator for Runs<'t> {
    type Item = Run<'t>;

    fn next(&mut self) -> Option<Run<'t>> {
        let first = self.rest.chars().next()?;
        let (text, rest) = self.rest.split_at(length(self.rest, is_space(first)));
        // spaCy: only this one sign is a flag of the word; other white space, and more of it, is a token
        // (tokenizer.pyx).
        let absorbed = if is_space(first) { None } else { rest.strip_prefix(' ') };
        self.rest = absorbed.unwrap_or(rest);
        Some(Run { text, space_after: absorbed.is_some() })
    }
}

/// The bytes up to the first character that is white space, or is none.
fn length(text: &str, of_space: bool) -> usize {
    // Most text is ASCII, where a byte is a character; what follows the first other one is decoded.
    let ascii = text.bytes().position(|byte| !byte.is_ascii() || is_space(byte as char) != of_space);
    let start = ascii.unwrap_or(text.len());
    let end = text[start..].char_indices().find(|(_, character)| is_space(*character) != of_space);
    end.map_or(text.len(), |(index, _)| start + index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, bool)]) {
        let runs: Vec<_> = Runs::new(text).map(|run| (run.text, run.space_after)).collect();
        assert_eq!(runs, expected);
    }

    #[test]
    fn one_space_belongs_to_the_word_before() {
        check("", &[]);
        check("a b", &[("a", true), ("b", false)]);
        check("a  b ", &[("a", true), (" ", false), ("b", true)]);
        check(" a", &[(" ", false), ("a", false)]);
        check("a\n b", &[("a", false), ("\n ", false), ("b", false)]);
        check(
            "é\u{a0}b\x1cc",
            &[("é", false), ("\u{a0}", false), ("b", false), ("\x1c", false), ("c", false)],
        );
    }
}

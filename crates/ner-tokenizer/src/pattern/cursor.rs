//! A place in the text of a pattern.

use super::error::PatternError;

/// Reads a pattern character by character.
#[derive(Debug)]
pub(super) struct Cursor<'p> {
    source: &'p str,
    at: usize,
}

impl<'p> Cursor<'p> {
    pub(super) fn new(source: &'p str) -> Cursor<'p> {
        Cursor { source, at: 0 }
    }

    /// The offset in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'p str {
        &self.source[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// The characters up to the first one that `keep` refuses, at most `limit` of them.
    pub(super) fn take_while(&mut self, limit: usize, keep: impl Fn(char) -> bool) -> &'p str {
        let rest = self.rest();
        let end = rest.char_indices().take(limit).find(|(_, character)| !keep(*character));
        let fallback = rest.char_indices().nth(limit).map_or(rest.len(), |(index, _)| index);
        let taken = &rest[..end.map_or(fallback, |(index, _)| index)];
        self.at += taken.len();
        taken
    }

    /// White space and comments mean nothing under the flag `x`.
    pub(super) fn skip_verbose(&mut self) {
        loop {
            // Python: these six alone, not all that `str.isspace` takes.
            self.take_while(usize::MAX, |character| " \t\n\r\x0b\x0c".contains(character));
            if !self.eat("#") {
                break;
            }
            self.take_while(usize::MAX, |character| character != '\n');
        }
    }

    /// `*`, `+`, `?`, `{2}`, `{2,}`, `{,3}` or `{2,3}`; braces around anything else are plain characters.
    pub(super) fn bounds(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let at = self.at;
        let bounds = match self.next() {
            Some('*') => Some((0, None)),
            Some('+') => Some((1, None)),
            Some('?') => Some((0, Some(1))),
            Some('{') => self.braces(at)?,
            _ => None,
        };
        if bounds.is_none() {
            self.at = at;
        }
        Ok(bounds)
    }

    fn braces(&mut self, at: usize) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let low = self.take_while(usize::MAX, |character| character.is_ascii_digit());
        let high = if self.eat(",") {
            self.take_while(usize::MAX, |character| character.is_ascii_digit())
        } else {
            low
        };
        let empty = self.at == at + 1;
        // Python: what only looks like a repetition is text, as in `a{x}`; so is `{}`.
        if !self.eat("}") || empty {
            return Ok(None);
        }
        let number = |digits: &str| {
            digits.parse::<u32>().map_err(|_| self.error_at(at, "the repetition number is too large"))
        };
        let min = if low.is_empty() { 0 } else { number(low)? };
        let max = if high.is_empty() { None } else { Some(number(high)?) };
        if max.is_some_and(|max| max < min) {
            return Err(self.error_at(at, "min repeat greater than max repeat"));
        }
        Ok(Some((min, max)))
    }

    pub(super) fn error(&self, problem: &'static str) -> PatternError {
        self.error_at(self.at, problem)
    }

    pub(super) fn error_at(&self, at: usize, problem: &'static str) -> PatternError {
        PatternError { at, problem }
    }
}

//! A run of text is stripped of prefixes and suffixes, and what stays is split at infixes.

use std::ops::Range;

use crate::TokenizerError;
use crate::pattern::Scratch;
use crate::rules::Rules;
use crate::special_case::Piece;

/// Whether special cases apply. They do not while a special case itself is split, to find the tokens that it spans.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exceptions {
    Apply,
    Ignore,
}

/// Splits runs; keeps its memory from run to run.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    scratch: Scratch,
    infixes: Vec<Range<usize>>,
    suffix_starts: Vec<usize>,
    pieces: Vec<Piece>,
}

impl Splitter {
    /// The pieces that a run becomes.
    pub(crate) fn split(
        &mut self,
        rules: &Rules,
        exceptions: Exceptions,
        run: &str,
    ) -> Result<&[Piece], TokenizerError> {
        self.pieces.clear();
        self.suffix_starts.clear();
        self.scratch.begin(run);
        let mut split = Split { rules, exceptions, run, memory: self };
        // spaCy: a run that is a special case is never shown to `token_match` (tokenizer.pyx).
        if !split.special_case(0..run.len()) {
            let middle = split.strip_affixes()?;
            split.split_middle(middle)?;
            split.append_suffixes();
        }
        Ok(&self.pieces)
    }

    /// Whether any rule would split the text: then a special case with this text has to be looked for over tokens.
    pub(crate) fn has_affix(&mut self, rules: &Rules, text: &str) -> Result<bool, TokenizerError> {
        let scratch = &mut self.scratch;
        scratch.begin(text);
        // spaCy: an empty prefix or suffix is none, an empty infix is one (tokenizer.pyx).
        let has_prefix = rules.prefix(text, scratch)?.is_some_and(|prefix| !prefix.is_empty());
        let has_suffix = rules.suffix(text, scratch)?.is_some_and(|suffix| !suffix.is_empty());
        rules.infixes(text, scratch, &mut self.infixes)?;
        Ok(has_prefix || has_suffix || !self.infixes.is_empty())
    }
}

struct Split<'s> {
    rules: &'s Rules,
    exceptions: Exceptions,
    run: &'s str,
    memory: &'s mut Splitter,
}

impl Split<'_> {
    /// Takes prefixes and suffixes away, noting them, and gives what stays.
    fn strip_affixes(&mut self) -> Result<Range<usize>, TokenizerError> {
        let (mut start, mut end) = (0, self.run.len());
        while start < end {
            let text = &self.run[start..end];
            if self.rules.is_token(text, &mut self.memory.scratch)? || self.is_special(text) {
                break;
            }
            // spaCy: the suffix is looked for behind the prefix, but both are taken in one turn, and a special case is looked
            // for only with one of them off at a time (tokenizer.pyx).
            let prefix = self.prefix_length(text)?;
            if prefix > 0 && self.is_special(&text[prefix..]) {
                start = self.take_prefix(start + prefix);
                break;
            }
            let suffix = self.suffix_length(&text[prefix..])?;
            if suffix > 0 && self.is_special(&text[..text.len() - suffix]) {
                end = self.take_suffix(end - suffix);
                break;
            }
            if prefix == 0 && suffix == 0 {
                break;
            }
            if prefix > 0 {
                start = self.take_prefix(start + prefix);
            }
            if suffix > 0 {
                end = self.take_suffix(end - suffix);
            }
        }
        Ok(start..end)
    }

    fn take_prefix(&mut self, end: usize) -> usize {
        self.memory.pieces.push(Piece::plain(end));
        end
    }

    fn take_suffix(&mut self, start: usize) -> usize {
        self.memory.suffix_starts.push(start);
        start
    }

    fn is_special(&self, text: &str) -> bool {
        self.exceptions == Exceptions::Apply && !text.is_empty() && self.rules.exceptions.get(text).is_some()
    }

    /// spaCy: a match that is not at the edge counts with its length alone (tokenizer.pyx).
    fn prefix_length(&mut self, text: &str) -> Result<usize, TokenizerError> {
        let found = self.rules.prefix(text, &mut self.memory.scratch)?;
        Ok(found.map_or(0, |found| {
            let count = text[found.clone()].chars().count();
            if found.start == 0 { found.end } else { text.chars().take(count).map(char::len_utf8).sum() }
        }))
    }

    fn suffix_length(&mut self, text: &str) -> Result<usize, TokenizerError> {
        let found = self.rules.suffix(text, &mut self.memory.scratch)?;
        Ok(found.map_or(0, |found| {
            let count = text[found.clone()].chars().count();
            if found.end == text.len() {
                found.len()
            } else {
                text.chars().rev().take(count).map(char::len_utf8).sum()
            }
        }))
    }

    /// Adds the tokens of a special case, if the text is one.
    fn special_case(&mut self, range: Range<usize>) -> bool {
        let text = &self.run[range.clone()];
        let case = self.rules.exceptions.get(text).filter(|_| self.exceptions == Exceptions::Apply);
        let pieces = case.into_iter().flat_map(|case| case.pieces());
        self.memory.pieces.extend(pieces.map(|piece| Piece { end: range.start + piece.end, ..*piece }));
        case.is_some()
    }

    fn split_middle(&mut self, middle: Range<usize>) -> Result<(), TokenizerError> {
        if middle.is_empty() || self.special_case(middle.clone()) {
            return Ok(());
        }
        let text = &self.run[middle.clone()];
        let memory = &mut *self.memory;
        // spaCy: affixes come off even where `url_match` would match with them; only `token_match` keeps them
        // on (tokenizer.pyx).
        if !self.rules.is_token(text, &mut memory.scratch)?
            && !self.rules.is_url(text, &mut memory.scratch)?
        {
            self.rules.infixes(text, &mut memory.scratch, &mut memory.infixes)?;
            // spaCy: an infix that starts the text is left in the token that follows (tokenizer.pyx).
            for infix in memory.infixes.iter().filter(|infix| infix.start > 0) {
                push_end(&mut memory.pieces, middle.start + infix.start, middle.start);
                push_end(&mut memory.pieces, middle.start + infix.end, middle.start);
            }
        }
        push_end(&mut memory.pieces, middle.end, middle.start);
        Ok(())
    }

    /// Adds the suffixes, of which the outermost was found first.
    fn append_suffixes(&mut self) {
        let memory = &mut *self.memory;
        let mut end = memory.pieces.last().map_or(0, |piece| piece.end);
        while let Some(start) = memory.suffix_starts.pop() {
            debug_assert_eq!(start, end);
            end = memory.suffix_starts.last().copied().unwrap_or(self.run.len());
            memory.pieces.push(Piece::plain(end));
        }
    }
}

/// Adds a piece up to `end`, unless it would be empty.
fn push_end(pieces: &mut Vec<Piece>, end: usize, start: usize) {
    let last = pieces.last().map_or(start, |piece| piece.end);
    if end > last {
        pieces.push(Piece::plain(end));
    }
}

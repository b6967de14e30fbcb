//! Patterns in the syntax of Python's `re`, with its meaning, matched in bounded time.
//!
//! Why an engine of its own: rules come with pipelines that strangers trained, so no pattern and no text may make the
//! tokenizer hang. And rules are long lists of alternatives over huge classes of letters, so an alternative is only tried
//! where its first (or last) character stands. Measured in its place, `fancy-regex` compiles all English rules and splits
//! 31,853 lines (656 thousand tokens) the same, but at 29 to 44 thousand words a second instead of 620 to 800 thousand
//! (spaCy: 143 to 186), and it takes 235 ms to load the rules instead of 13 to 29. It is the oracle of a test
//! (`oracle.rs`).

mod case;
mod char_set;
mod cursor;
mod dispatch;
mod error;
mod escape;
mod facts;
mod flags;
mod group;
mod machine;
mod parser;
mod program;
mod set;
mod syntax;

use std::ops::Range;

pub(crate) use error::{PatternError, TooSlow};
pub(crate) use machine::Scratch;

use char_set::CharSet;
use dispatch::Dispatch;
use facts::Facts;
use machine::{Machine, step_back};
use program::Program;
use syntax::Node;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    source: String,
    program: Program,
    sets: Vec<CharSet>,
    alternatives: Vec<Alternative>,
    by_first: Dispatch,
    by_last: Dispatch,
    /// An ASCII character of this set is in every text with a match.
    required: Option<CharSet>,
    starts_text: bool,
    ends_text: bool,
}

#[derive(Copy, Clone, Debug)]
struct Alternative {
    entry: u32,
    facts: Facts,
}

impl Pattern {
    pub(crate) fn new(source: &str) -> Result<Pattern, PatternError> {
        let (node, mut sets) = parser::parse(source)?;
        // Each branch of the outermost alternation is a program of its own, so that those that cannot match at a place need
        // not be entered there; rules are alternations of a hundred branches and more.
        let branches = branches(node);
        let mut program = Program::default();
        let mut alternatives = Vec::with_capacity(branches.len());
        for branch in &branches {
            let facts = Facts::of(branch, &mut sets);
            alternatives.push(Alternative { entry: program.add(branch)?, facts });
        }
        let facts = || alternatives.iter().map(|alternative| alternative.facts);
        let required: Option<Vec<_>> = facts().map(|facts| facts.required.map(|id| sets.get(id))).collect();
        let required = required.map(CharSet::union_of);
        // Looked for byte by byte; for a set that goes beyond ASCII the text would have to be decoded.
        Ok(Pattern {
            source: source.to_owned(),
            by_first: Dispatch::new(&facts().map(|facts| facts.first).collect::<Vec<_>>(), &sets),
            by_last: Dispatch::new(&facts().map(|facts| facts.last).collect::<Vec<_>>(), &sets),
            required: required.filter(CharSet::is_ascii),
            starts_text: facts().all(|facts| facts.starts_text),
            ends_text: facts().all(|facts| facts.ends_text),
            sets: sets.into_vec(),
            program,
            alternatives,
        })
    }

    /// The pattern as it was written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The first match, as `re.search` finds it.
    pub(crate) fn search(&self, text: &str, scratch: &mut Scratch) -> Result<Option<Range<usize>>, TooSlow> {
        match text.chars().next_back() {
            // Python's `$` also matches before a line feed at the end; then a match need not end in the last character.
            Some(last) if self.ends_text && last != '\n' => self.search_tail(text, last, scratch),
            _ => self.search_from(text, 0, None, scratch),
        }
    }

    /// Whether the pattern matches at the start of the text, as `re.match` does.
    pub(crate) fn matches_start(&self, text: &str, scratch: &mut Scratch) -> Result<bool, TooSlow> {
        if !self.has_required(text) {
            return Ok(false);
        }
        let mut machine = Machine::new(&self.program, &self.sets, text, scratch);
        Ok(self.end_of_match(&mut machine, text, 0)?.is_some())
    }

    /// Replaces `matches` by all matches, one after another, as `re.finditer` finds them.
    pub(crate) fn find_all(
        &self,
        text: &str,
        scratch: &mut Scratch,
        matches: &mut Vec<Range<usize>>,
    ) -> Result<(), TooSlow> {
        matches.clear();
        let (mut from, mut forbidden_end) = (0, None);
        while let Some(found) = self.search_from(text, from, forbidden_end, scratch)? {
            // Python: a match may begin where the last one ended, but may not be the same empty one again.
            from = found.end;
            forbidden_end = Some(from).filter(|_| found.is_empty());
            matches.push(found);
        }
        Ok(())
    }

    fn search_from(
        &self,
        text: &str,
        from: usize,
        forbidden_end: Option<usize>,
        scratch: &mut Scratch,
    ) -> Result<Option<Range<usize>>, TooSlow> {
        if !self.has_required(text) || (self.starts_text && from > 0) {
            return Ok(None);
        }
        let mut machine = Machine::new(&self.program, &self.sets, text, scratch);
        machine.forbidden_end = forbidden_end;
        let last_start = if self.starts_text { 0 } else { text.len() };
        for start in (from..=last_start).filter(|&start| text.is_char_boundary(start)) {
            if let Some(end) = self.end_of_match(&mut machine, text, start)? {
                return Ok(Some(start..end));
            }
        }
        Ok(None)
    }

    /// All alternatives end with the text: those that can end in its last character decide how far back to start. Without
    /// this a suffix would be looked for from the start of each word.
    fn search_tail(
        &self,
        text: &str,
        last: char,
        scratch: &mut Scratch,
    ) -> Result<Option<Range<usize>>, TooSlow> {
        // Taken out for the time, since the machine borrows the rest of the memory.
        let mut candidates = std::mem::take(&mut scratch.candidates);
        candidates.clear();
        let may_end = |&index: &u32| self.suits(self.alternatives[index as usize].facts.last, Some(last));
        candidates.extend(self.by_last.candidates(Some(last)).iter().copied().filter(may_end));
        let starts = candidates
            .iter()
            .map(|&index| self.earliest_start(&self.alternatives[index as usize].facts, text));
        let found = match starts.min() {
            None => Ok(None),
            Some(from) => {
                let mut machine = Machine::new(&self.program, &self.sets, text, scratch);
                self.first_of(&candidates, &mut machine, text, from)
            }
        };
        scratch.candidates = candidates;
        found
    }

    /// The first place from which a match can reach the end of the text.
    fn earliest_start(&self, facts: &Facts, text: &str) -> usize {
        match (facts.max_width, facts.alphabet) {
            (Some(width), _) => step_back(text, text.len(), width).unwrap_or(0),
            (None, Some(id)) => text.trim_end_matches(|last| self.sets[id as usize].contains(last)).len(),
            (None, None) => 0,
        }
    }

    fn first_of(
        &self,
        candidates: &[u32],
        machine: &mut Machine<'_>,
        text: &str,
        from: usize,
    ) -> Result<Option<Range<usize>>, TooSlow> {
        for start in (from..=text.len()).filter(|&start| text.is_char_boundary(start)) {
            if let Some(end) = self.end_of_any(candidates, machine, text, start)? {
                return Ok(Some(start..end));
            }
        }
        Ok(None)
    }

    fn end_of_match(
        &self,
        machine: &mut Machine<'_>,
        text: &str,
        start: usize,
    ) -> Result<Option<usize>, TooSlow> {
        let next = text[start..].chars().next();
        self.end_of_any(self.by_first.candidates(next), machine, text, start)
    }

    fn end_of_any(
        &self,
        candidates: &[u32],
        machine: &mut Machine<'_>,
        text: &str,
        start: usize,
    ) -> Result<Option<usize>, TooSlow> {
        for &index in candidates {
            let Alternative { entry, facts } = &self.alternatives[index as usize];
            let next = text[start..].chars().next();
            if (facts.starts_text && start > 0) || !self.suits(facts.first, next) {
                continue;
            }
            if let Some(end) = machine.run(*entry, start)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    fn suits(&self, need: Option<syntax::SetId>, character: Option<char>) -> bool {
        need.is_none_or(|id| character.is_some_and(|character| self.sets[id as usize].contains(character)))
    }

    fn has_required(&self, text: &str) -> bool {
        let has =
            |required: &CharSet| text.bytes().any(|byte| byte.is_ascii() && required.contains_ascii(byte));
        self.required.as_ref().is_none_or(has)
    }
}

/// The alternatives of a pattern, whether or not a group holds all of it.
fn branches(node: Node) -> Vec<Node> {
    match node {
        Node::Alternate(branches) => branches,
        Node::Concat(mut parts) if parts.len() == 1 => parts.pop().map_or(Vec::new(), branches),
        node => vec![node],
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

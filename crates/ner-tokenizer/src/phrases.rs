//! Special cases that the rules for affixes and infixes tear apart, found again over the tokens.

use hashbrown::HashMap;
use ner_vocab::StringId;

use crate::TokenizerError;
use crate::affixes::{Exceptions, Splitter};
use crate::rules::Rules;
use crate::runs::Runs;

/// Sequences of tokens, as a tree: a step leads from a node and a token's id to the next node.
#[derive(Clone, Debug)]
pub(crate) struct Phrases {
    steps: HashMap<(u32, StringId), u32>,
    /// By node, whether a phrase ends there. Node 0 is the root.
    ends: Vec<bool>,
}

/// Tokens `start..end` that look like a special case.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Which longer or earlier matches refuse a match that overlaps them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Overlap {
    /// spaCy: in tokenisation, even those that were refused themselves (tokenizer.pyx).
    WithAny,
    /// Those that stay.
    WithKept,
}

const ROOT: u32 = 0;

impl Phrases {
    pub(crate) fn new() -> Phrases {
        Phrases { steps: HashMap::new(), ends: vec![false] }
    }

    /// Adds a special case, if it is one that rules would split.
    pub(crate) fn add(
        &mut self,
        rules: &Rules,
        splitter: &mut Splitter,
        text: &str,
    ) -> Result<(), TokenizerError> {
        if !Phrases::is_torn(rules, splitter, text)? {
            return Ok(());
        }
        let mut node = ROOT;
        for run in Runs::new(text) {
            let mut start = 0;
            // spaCy: the phrase is what affixes and infixes alone make of the case (tokenizer.pyx).
            for piece in splitter.split(rules, Exceptions::Ignore, run.text)? {
                node = self.step_or_grow(node, StringId::of(&run.text[start..piece.end]));
                start = piece.end;
            }
        }
        self.ends[node as usize] = node != ROOT;
        Ok(())
    }

    /// Whether rules may split the special case `text`.
    ///
    /// spaCy: a case that no rule splits is found whole by its text, and need not be looked for over tokens
    /// (tokenizer.pyx).
    pub(crate) fn is_torn(
        rules: &Rules,
        splitter: &mut Splitter,
        text: &str,
    ) -> Result<bool, TokenizerError> {
        Ok(!rules.faster_heuristics || text.contains(' ') || splitter.has_affix(rules, text)?)
    }

    fn step_or_grow(&mut self, node: u32, orth: StringId) -> u32 {
        let grown = self.ends.len() as u32;
        let next = *self.steps.entry((node, orth)).or_insert(grown);
        if next == grown {
            self.ends.push(false);
        }
        next
    }

    /// Whether a phrase begins with the token.
    pub(crate) fn begin_with(&self, orth: StringId) -> bool {
        self.steps.contains_key(&(ROOT, orth))
    }

    /// The matches to act on, in order: of those that overlap the longest, then the first.
    pub(crate) fn find(
        &self,
        overlap: Overlap,
        n_tokens: usize,
        orth: impl Fn(usize) -> StringId,
        starts: impl IntoIterator<Item = usize>,
    ) -> Vec<Match> {
        let mut matches = Vec::new();
        for start in starts {
            let mut node = ROOT;
            for index in start..n_tokens {
                let Some(&next) = self.steps.get(&(node, orth(index))) else { break };
                node = next;
                if self.ends[node as usize] {
                    matches.push(Match { start, end: index + 1 });
                }
            }
        }
        without_overlap(matches, overlap, n_tokens)
    }
}

fn without_overlap(mut matches: Vec<Match>, overlap: Overlap, n_tokens: usize) -> Vec<Match> {
    if matches.len() < 2 {
        return matches;
    }
    matches.sort_unstable_by_key(|found| (std::cmp::Reverse(found.end - found.start), found.start));
    // Matches come longest first, so that one that overlaps another has an end inside it, and looking at the ends is
    // enough.
    let mut seen = vec![false; n_tokens];
    matches.retain(|found| {
        let is_free = !seen[found.start] && !seen[found.end - 1];
        if is_free || overlap == Overlap::WithAny {
            seen[found.start..found.end].fill(true);
        }
        is_free
    });
    matches.sort_unstable_by_key(|found| found.start);
    matches
}

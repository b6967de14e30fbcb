//! The rules of a language, their file, and the words that they consist of.

pub(crate) mod file;
mod rule_words;

use std::ops::Range;

use hashbrown::HashMap;

use crate::TokenizerError;
use crate::pattern::{Pattern, Scratch};
use crate::special_case::SpecialCase;

/// The rules of a `tokenizer` file, ready for use. Fields are named as in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) prefix_search: Option<Pattern>,
    pub(crate) suffix_search: Option<Pattern>,
    pub(crate) infix_finditer: Option<Pattern>,
    pub(crate) token_match: Option<Pattern>,
    pub(crate) url_match: Option<Pattern>,
    pub(crate) exceptions: SpecialCases,
    pub(crate) faster_heuristics: bool,
}

/// The special cases by their text.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpecialCases {
    cases: HashMap<Box<str>, SpecialCase>,
    longest: usize,
}

impl SpecialCases {
    pub(crate) fn insert(&mut self, text: &str, case: SpecialCase) {
        self.longest = self.longest.max(text.len());
        self.cases.insert(text.into(), case);
    }

    pub(crate) fn get(&self, text: &str) -> Option<&SpecialCase> {
        // Asked for every word and every rest of one: most are too long, and a comparison is cheaper than a hash.
        if text.len() > self.longest { None } else { self.cases.get(text) }
    }

    /// All of them, sorted by text, as spaCy writes them.
    pub(crate) fn sorted(&self) -> Vec<(&str, &SpecialCase)> {
        let mut cases: Vec<_> = self.cases.iter().map(|(text, case)| (&**text, case)).collect();
        cases.sort_unstable_by_key(|(text, _)| *text);
        cases
    }
}

impl Rules {
    /// The first place that looks like a prefix; with spaCy's rules, the start of the text.
    pub(crate) fn prefix(
        &self,
        text: &str,
        scratch: &mut Scratch,
    ) -> Result<Option<Range<usize>>, TokenizerError> {
        search(&self.prefix_search, "prefix_search", text, scratch)
    }

    /// The first place that looks like a suffix; with spaCy's rules, the end of the text.
    pub(crate) fn suffix(
        &self,
        text: &str,
        scratch: &mut Scratch,
    ) -> Result<Option<Range<usize>>, TokenizerError> {
        search(&self.suffix_search, "suffix_search", text, scratch)
    }

    /// Replaces `infixes` by all infixes of the text.
    pub(crate) fn infixes(
        &self,
        text: &str,
        scratch: &mut Scratch,
        infixes: &mut Vec<Range<usize>>,
    ) -> Result<(), TokenizerError> {
        infixes.clear();
        let Some(pattern) = &self.infix_finditer else { return Ok(()) };
        let found = pattern.find_all(text, scratch, infixes);
        found.map_err(|slow| TokenizerError::too_slow("infix_finditer", slow))
    }

    pub(crate) fn is_token(&self, text: &str, scratch: &mut Scratch) -> Result<bool, TokenizerError> {
        matches(&self.token_match, "token_match", text, scratch)
    }

    pub(crate) fn is_url(&self, text: &str, scratch: &mut Scratch) -> Result<bool, TokenizerError> {
        matches(&self.url_match, "url_match", text, scratch)
    }
}

fn search(
    pattern: &Option<Pattern>,
    rule: &'static str,
    text: &str,
    scratch: &mut Scratch,
) -> Result<Option<Range<usize>>, TokenizerError> {
    let Some(pattern) = pattern else { return Ok(None) };
    pattern.search(text, scratch).map_err(|slow| TokenizerError::too_slow(rule, slow))
}

fn matches(
    pattern: &Option<Pattern>,
    rule: &'static str,
    text: &str,
    scratch: &mut Scratch,
) -> Result<bool, TokenizerError> {
    let Some(pattern) = pattern else { return Ok(false) };
    pattern.matches_start(text, scratch).map_err(|slow| TokenizerError::too_slow(rule, slow))
}

use std::fmt;
use std::ops::Range;

use ner_cpython::is_space;
use ner_vocab::StringId;

use crate::pattern::Scratch;
use crate::phrases::{Match, Overlap};
use crate::rules::Rules;
use crate::runs::Runs;
use crate::{Tokenizer, TokenizerError};

/// Why a token is a token. Displays as spaCy names it, such as `PREFIX` or `SPECIAL-1`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Nothing splits it.
    Token,
    /// `prefix_search` found it.
    Prefix,
    /// `suffix_search` found it.
    Suffix,
    /// `infix_finditer` found it.
    Infix,
    /// `token_match` keeps it whole.
    TokenMatch,
    /// `url_match` keeps it whole.
    UrlMatch,
    /// It is this token, counted from 1, of a special case.
    Special(usize),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Token => f.write_str("TOKEN"),
            Rule::Prefix => f.write_str("PREFIX"),
            Rule::Suffix => f.write_str("SUFFIX"),
            Rule::Infix => f.write_str("INFIX"),
            Rule::TokenMatch => f.write_str("TOKEN_MATCH"),
            Rule::UrlMatch => f.write_str("URL_MATCH"),
            Rule::Special(number) => write!(f, "SPECIAL-{number}"),
        }
    }
}

impl Tokenizer {
    /// The tokens of a text, white space left out, each with the rule that made it.
    ///
    /// # Errors
    /// As for [`Tokenizer::tokenize`].
    pub fn explain(&self, text: &str) -> Result<Vec<(Rule, String)>, TokenizerError> {
        self.check_is_here()?;
        let mut explanation =
            Explanation { rules: self.rules(), text, scratch: Scratch::default(), tokens: Vec::new() };
        let mut at = 0;
        for run in Runs::new(text) {
            if !run.text.starts_with(is_space) {
                explanation.explain_run(at..at + run.text.len())?;
            }
            at += run.text.len() + usize::from(run.space_after);
        }
        Ok(explanation.with_special_cases(self))
    }
}

struct Explanation<'e> {
    rules: &'e Rules,
    text: &'e str,
    scratch: Scratch,
    tokens: Vec<(Rule, Range<usize>)>,
}

impl Explanation<'_> {
    fn explain_run(&mut self, run: Range<usize>) -> Result<(), TokenizerError> {
        let mut suffixes = Vec::new();
        self.scratch.begin(&self.text[run.clone()]);
        if !self.push_special_case(&run) {
            let middle = self.strip_affixes(run, &mut suffixes)?;
            self.explain_middle(middle)?;
        }
        self.tokens.extend(suffixes.into_iter().rev().map(|suffix| (Rule::Suffix, suffix)));
        Ok(())
    }

    /// spaCy: unlike tokenisation, this looks for a suffix in the text that a prefix has already left, and takes
    /// matches where they stand (tokenizer.pyx).
    fn strip_affixes(
        &mut self,
        mut rest: Range<usize>,
        suffixes: &mut Vec<Range<usize>>,
    ) -> Result<Range<usize>, TokenizerError> {
        loop {
            let text = &self.text[rest.clone()];
            let prefix = self.rules.prefix(text, &mut self.scratch)?;
            if prefix.is_none() && self.rules.suffix(text, &mut self.scratch)?.is_none() {
                return Ok(rest);
            }
            if self.rules.is_token(text, &mut self.scratch)? {
                return Ok(rest);
            }
            if self.push_special_case(&rest) {
                return Ok(rest.end..rest.end);
            }
            if let Some(prefix) = prefix {
                // An empty prefix would be found for ever.
                if prefix.end == 0 {
                    return Ok(rest);
                }
                let end = rest.start + prefix.end;
                self.tokens.push((Rule::Prefix, rest.start..end));
                rest.start = end;
                // spaCy: the next turn takes the case whole; a suffix would tear it first (tokenizer.pyx).
                if self.rules.exceptions.get(&self.text[rest.clone()]).is_some() {
                    continue;
                }
            }
            let text = &self.text[rest.clone()];
            if let Some(suffix) = self.rules.suffix(text, &mut self.scratch)? {
                if suffix.start == text.len() {
                    return Ok(rest);
                }
                let start = rest.start + suffix.start;
                suffixes.push(start..rest.end);
                rest.end = start;
            }
        }
    }

    fn explain_middle(&mut self, middle: Range<usize>) -> Result<(), TokenizerError> {
        let text = &self.text[middle.clone()];
        if text.is_empty() {
            return Ok(());
        }
        if self.rules.is_token(text, &mut self.scratch)? {
            self.tokens.push((Rule::TokenMatch, middle));
        } else if self.rules.is_url(text, &mut self.scratch)? {
            self.tokens.push((Rule::UrlMatch, middle));
        } else if !self.push_special_case(&middle) {
            self.explain_infixes(middle)?;
        }
        Ok(())
    }

    fn explain_infixes(&mut self, middle: Range<usize>) -> Result<(), TokenizerError> {
        let mut infixes = Vec::new();
        self.rules.infixes(&self.text[middle.clone()], &mut self.scratch, &mut infixes)?;
        let mut at = middle.start;
        for infix in infixes.into_iter().filter(|infix| infix.start > 0) {
            let (start, end) = (middle.start + infix.start, middle.start + infix.end);
            self.push(Rule::Token, at..start);
            self.push(Rule::Infix, start..end);
            at = end;
        }
        self.push(Rule::Token, at..middle.end);
        Ok(())
    }

    fn push(&mut self, rule: Rule, range: Range<usize>) {
        if !range.is_empty() {
            self.tokens.push((rule, range));
        }
    }

    fn push_special_case(&mut self, range: &Range<usize>) -> bool {
        let tokens = special_case(self.rules, &self.text[range.clone()], range.start);
        self.tokens.extend(tokens.iter().flatten().cloned());
        tokens.is_some()
    }

    /// The tokens, with special cases that rules tore apart put together again.
    fn with_special_cases(&self, tokenizer: &Tokenizer) -> Vec<(Rule, String)> {
        let text_of = |(rule, range): &(Rule, Range<usize>)| (*rule, self.text[range.clone()].to_owned());
        let mut tokens: Vec<_> = self.tokens.iter().map(text_of).collect();
        let orth = |index: usize| StringId::of(&self.text[self.tokens[index].1.clone()]);
        let matches =
            tokenizer.phrases().find(Overlap::WithKept, self.tokens.len(), orth, 0..self.tokens.len());
        // From the end, so that the indices of matches further in front stay right.
        for Match { start, end } in matches.into_iter().rev() {
            let text = self.joined(&self.tokens[start..end]);
            if let Some(ranges) = special_case(self.rules, &text, 0) {
                let special = ranges.into_iter().map(|(rule, range)| (rule, text[range].to_owned()));
                tokens.splice(start..end, special);
            }
        }
        tokens
    }

    /// spaCy: here white space between tokens counts as one space, or none if it starts otherwise (tokenizer.pyx).
    fn joined(&self, tokens: &[(Rule, Range<usize>)]) -> String {
        let mut text = String::new();
        for (index, (_, range)) in tokens.iter().enumerate() {
            text.push_str(&self.text[range.clone()]);
            if index + 1 < tokens.len() && self.text[range.end..].starts_with(' ') {
                text.push(' ');
            }
        }
        text
    }
}

/// The tokens of the special case `text`, which stands at `start`.
fn special_case(rules: &Rules, text: &str, start: usize) -> Option<Vec<(Rule, Range<usize>)>> {
    let case = rules.exceptions.get(text)?;
    let starts = std::iter::once(0).chain(case.pieces().iter().map(|piece| piece.end));
    let ranges = starts.zip(case.pieces()).map(|(from, piece)| start + from..start + piece.end);
    Some((1..).zip(ranges).map(|(number, range)| (Rule::Special(number), range)).collect())
}

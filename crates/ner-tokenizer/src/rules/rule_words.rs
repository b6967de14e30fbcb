//! The words that a tokenizer's rules consist of.

use crate::affixes::{Exceptions, Splitter};
use crate::phrases::Phrases;
use crate::runs::Runs;
use crate::special_case::SpecialCase;
use crate::{Tokenizer, TokenizerError};

impl Tokenizer {
    /// The words that the special cases put into spaCy's vocabulary before any text is read, in the order in which it meets
    /// them; some come more than once.
    ///
    /// # Errors
    /// [`TokenizerError::TooSlow`], as in [`Tokenizer::tokenize`].
    pub fn rule_words(&self) -> Result<Vec<String>, TokenizerError> {
        let mut splitter = Splitter::default();
        let mut words = Vec::new();
        for (text, case) in self.rules().exceptions.sorted() {
            words.extend(orths(case));
            if !Phrases::is_torn(self.rules(), &mut splitter, text)? {
                continue;
            }
            // spaCy: the case is looked up whole before it is split (tokenizer.pyx).
            words.push(text.to_owned());
            for run in Runs::new(text) {
                let mut start = 0;
                for piece in splitter.split(self.rules(), Exceptions::Ignore, run.text)? {
                    words.push(run.text[start..piece.end].to_owned());
                    start = piece.end;
                }
            }
        }
        Ok(words)
    }
}

fn orths(case: &SpecialCase) -> impl Iterator<Item = String> {
    case.tokens().iter().map(|token| token.orth.clone())
}

use ner_cpython::NumpyRandom;
use ner_doc::{Doc, Token};

use super::random_words::RandomWords;

/// Documents in which some words are hidden (Devlin et al., 2019, BERT).
#[derive(Debug)]
pub struct Cloze {
    /// The documents, with the same number of tokens.
    pub docs: Vec<Doc>,
    /// The tokens that are to be predicted, counted over all documents, ascending. Not all of them are hidden, lest the
    /// network rely on what it sees.
    pub tokens: Vec<usize>,
}

/// The share of tokens that are to be predicted.
const SHARE: f64 = 0.15;
/// The share of those whose word is replaced by [`MASK`].
const MASKED: f64 = 0.8;
/// The share of those whose word is replaced by that or another one; the rest keep theirs.
const MASKED_OR_RANDOM: f64 = 0.9;
/// The word that hides others.
const MASK: &str = "[MASK]";

impl Cloze {
    /// Hides words of `docs`. One number is drawn for each token, then one for each token that is to be predicted, with
    /// those of random words in between.
    pub fn draw(docs: &[&Doc], words: &mut RandomWords, random: &mut NumpyRandom) -> Cloze {
        let n_tokens = docs.iter().map(|doc| doc.len()).sum();
        let is_predicted: Vec<bool> = (0..n_tokens).map(|_| random.random() < SHARE).collect();
        let mut rest = is_predicted.iter();
        let mut cloze = |doc: &&Doc| {
            let mut hidden = Doc::new(doc.vocab().clone());
            for (token, &is_predicted) in doc.tokens.iter().zip(&mut rest) {
                let lexeme = match is_predicted {
                    false => token.lexeme.clone(),
                    true => match random.random() {
                        roll if roll < MASKED => doc.vocab().lexeme(MASK),
                        roll if roll < MASKED_OR_RANDOM => words.draw(random),
                        _ => token.lexeme.clone(),
                    },
                };
                // spaCy: the words alone are taken over, without the norms that special cases give them
                // (ml/models/multi_task.py).
                hidden.tokens.push(Token::new(lexeme, token.space_after));
            }
            hidden
        };
        let docs = docs.iter().map(&mut cloze).collect();
        let numbered = is_predicted.iter().enumerate();
        let tokens = numbered.filter(|(_, is_predicted)| **is_predicted).map(|(token, _)| token);
        Cloze { docs, tokens: tokens.collect() }
    }
}

use ner_cpython::SharedRandom;
use ner_formats::account::Account;
use ner_tokenizer::Tokenizer;

use super::{ExampleSource, Examples};

/// The examples of a source in another order, of which only a few are held at a time.
pub struct Shuffled {
    source: Box<dyn ExampleSource>,
    n_held: usize,
}

impl Shuffled {
    /// Holds `n_held` examples of `source`. Of these each next one is drawn, and the source's next takes its place, so that an
    /// example moves forward by less than `n_held` places, and back by a geometrically distributed number of them.
    pub fn new(source: Box<dyn ExampleSource>, n_held: usize) -> Shuffled {
        Shuffled { source, n_held }
    }
}

impl ExampleSource for Shuffled {
    /// An error of the source is passed on when it is met.
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a> {
        let mut source = self.source.examples(tokenizer, random);
        let mut held = Vec::new();
        Box::new(std::iter::from_fn(move || {
            while held.len() < self.n_held {
                match source.next() {
                    Some(Ok(example)) => held.push(example),
                    Some(Err(error)) => return Some(Err(error)),
                    None => break,
                }
            }
            let drawn = random.draw(|random| random.randbelow(held.len() as u64)) as usize;
            (!held.is_empty()).then(|| Ok(held.swap_remove(drawn)))
        }))
    }

    fn accounts(&self) -> Vec<Account> {
        self.source.accounts()
    }
}

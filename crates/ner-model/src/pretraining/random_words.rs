use std::sync::Arc;

use ner_cpython::NumpyRandom;
use ner_vocab::{Lexeme, StringId, Vocab};

/// Words that stand in for hidden ones. All are equally likely.
#[derive(Debug)]
pub struct RandomWords {
    words: Vec<Arc<Lexeme>>,
    /// Drawn in advance, to be taken from the end.
    drawn: Vec<usize>,
}

/// spaCy: more words than these are never drawn, and as many draws are made at once (ml/models/multi_task.py).
const MAX_WORDS: usize = 10_000;
const DRAWS: usize = 10_000;

impl RandomWords {
    /// The `words` that spaCy's vocabulary holds before it reads a text, in the order in which they came in. There is at
    /// least one.
    ///
    /// spaCy: words are drawn by their probability, which no vocabulary has any more: all have the same
    /// (ml/models/multi_task.py). They are those that the vocabulary has met so far, the tokenizer's special cases.
    pub fn new(vocab: &Vocab, words: &[String]) -> RandomWords {
        let words = in_table_order(words).into_iter().take(MAX_WORDS).map(|word| vocab.lexeme(word));
        RandomWords { words: words.collect(), drawn: Vec::new() }
    }

    /// The numbers of the words that were drawn in advance, which a saved state needs.
    pub fn drawn(&self) -> &[usize] {
        &self.drawn
    }

    /// Takes back what was [`drawn`](RandomWords::drawn). Returns false, and changes nothing, if there are not so many words.
    pub fn restore(&mut self, drawn: Vec<usize>) -> bool {
        let is_known = drawn.iter().all(|&number| number < self.words.len());
        if is_known {
            self.drawn = drawn;
        }
        is_known
    }

    /// The next word.
    pub(super) fn draw(&mut self, random: &mut NumpyRandom) -> Arc<Lexeme> {
        if self.drawn.is_empty() {
            let n_words = self.words.len() as f64;
            self.drawn.extend((0..DRAWS).map(|_| (random.random() * n_words) as usize));
        }
        self.words[self.drawn.pop().expect("some were just drawn")].clone()
    }
}

/// The words, each once, in the order of the hash table that spaCy keeps its vocabulary in: a cell is free or holds a word,
/// a word goes to the first free cell from that of its hash on, and the table doubles when three of five cells are full
/// (preshed's maps.pyx).
fn in_table_order(words: &[String]) -> Vec<&str> {
    let mut table = Table { cells: vec![None; 8], n_words: 0 };
    words.iter().filter(|word| !word.is_empty()).for_each(|word| table.insert(word));
    table.cells.into_iter().flatten().collect()
}

struct Table<'a> {
    cells: Vec<Option<&'a str>>,
    n_words: usize,
}

impl<'a> Table<'a> {
    fn insert(&mut self, word: &'a str) {
        let last = self.cells.len() - 1;
        let mut cell = StringId::of(word).0 as usize & last;
        while let Some(other) = self.cells[cell] {
            if other == word {
                return;
            }
            cell = (cell + 1) & last;
        }
        self.cells[cell] = Some(word);
        self.n_words += 1;
        if (self.n_words + 1) * 5 >= self.cells.len() * 3 {
            let words = std::mem::take(&mut self.cells);
            *self = Table { cells: vec![None; 2 * words.len()], n_words: 0 };
            words.into_iter().flatten().for_each(|word| self.insert(word));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_their_hashes_and_where_these_clash_of_their_arrival() {
        let words: Vec<String> = ('a'..='e').map(String::from).collect();
        let cell = |word: &&str| StringId::of(word).0 % 16;
        let order = in_table_order(&words);
        assert_eq!(order.len(), 5);
        let mut sorted = order.clone();
        sorted.sort_by_key(cell);
        // Of five words in sixteen cells none was pushed over the end of the table.
        assert_eq!(order, sorted);
    }

    #[test]
    fn every_word_is_drawn() {
        let words: Vec<String> = ["a", "b", "a", ""].map(str::to_owned).into();
        let mut words = RandomWords::new(&Vocab::new("en").unwrap(), &words);
        let mut random = NumpyRandom::new(0);
        let mut drawn: Vec<String> = (0..20).map(|_| words.draw(&mut random).text.to_string()).collect();
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn, ["a", "b"]);
    }
}

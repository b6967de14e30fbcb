//! The words that are learned: their rows, how often they are left out, and which are drawn against others.

mod negatives;
mod subwords;

use indexmap::IndexMap;
use ner_vocab::Vocab;

use crate::text::Forms;
use crate::{Settings, VectorsError};

pub(crate) use negatives::Negatives;
pub(crate) use subwords::Subwords;

/// The words of a text, by the feature that stands for a token. The most frequent come first; the first `n_learned` are
/// frequent enough to be learned.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Each word with its count.
    words: Vec<(String, u64)>,
    /// The word of each form of the text.
    word_of_form: Vec<u32>,
    pub(crate) n_learned: usize,
    pub(crate) subwords: Subwords,
    /// The rows of the words that are learned, one word behind the other.
    rows: Vec<u32>,
    /// Where the rows of each word end.
    ends: Vec<u32>,
    /// The draws of 2^32 at which each learned word stays in the text.
    kept: Vec<u32>,
    pub(crate) negatives: Negatives,
}

impl Lexicon {
    pub(crate) fn new(forms: &Forms, vocab: &Vocab, settings: &Settings) -> Result<Lexicon, VectorsError> {
        let (words, word_of_form) = by_count(forms, vocab, settings);
        let n_learned = words.partition_point(|(_, count)| *count >= settings.min_count);
        if words.is_empty() {
            return Err(VectorsError::NoWords);
        }
        if n_learned == 0 {
            return Err(VectorsError::AllRare { n_words: words.len(), min_count: settings.min_count });
        }
        let counts: Vec<u64> = words[..n_learned].iter().map(|(_, count)| *count).collect();
        let subwords = Subwords::new(settings, n_learned);
        let (mut rows, mut ends) = (Vec::new(), Vec::new());
        for (index, (word, _)) in words[..n_learned].iter().enumerate() {
            rows.extend(subwords.rows(word, Some(index as u32)));
            ends.push(rows.len() as u32);
        }
        let kept = kept(&counts, settings.sample);
        let negatives = Negatives::new(&counts);
        Ok(Lexicon { words, word_of_form, n_learned, subwords, rows, ends, kept, negatives })
    }

    /// All words with their own rows, if they have them, in the order of their counts.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, Option<u32>)> {
        let own = |index| (index < self.n_learned).then_some(index as u32);
        self.words.iter().enumerate().map(move |(index, (word, _))| (word.as_str(), own(index)))
    }

    /// The word of a form; also of one that is too rare.
    pub(crate) fn word_of_form(&self, form: usize) -> usize {
        self.word_of_form[form] as usize
    }

    /// The learned word of a form, or `None` if it is too rare.
    #[inline(always)]
    pub(crate) fn learned(&self, form: u32) -> Option<u32> {
        Some(self.word_of_form[form as usize]).filter(|&word| (word as usize) < self.n_learned)
    }

    /// The draws of 2^32 up to which a word stays in the text.
    #[inline(always)]
    pub(crate) fn kept(&self, word: u32) -> u32 {
        self.kept[word as usize]
    }

    /// The rows whose mean is the vector of a learned word.
    #[inline(always)]
    pub(crate) fn rows(&self, word: u32) -> &[u32] {
        let start = (word as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[start as usize..self.ends[word as usize] as usize]
    }
}

/// The words behind the forms, most frequent first, and the word of each form.
fn by_count(forms: &Forms, vocab: &Vocab, settings: &Settings) -> (Vec<(String, u64)>, Vec<u32>) {
    let mut counts: IndexMap<String, u64> = IndexMap::new();
    let mut word_of_form: Vec<u32> = Vec::with_capacity(forms.len());
    for (form, count) in forms.iter() {
        let word = vocab.feature_text(form, settings.attr).expect("only features that are texts were let in");
        let entry = counts.entry(word.into_owned());
        word_of_form.push(entry.index() as u32);
        *entry.or_default() += count;
    }
    let mut words: Vec<(String, u64)> = counts.into_iter().collect();
    let mut order: Vec<u32> = (0..words.len() as u32).collect();
    // Stable: equally frequent words stay in the order in which they were met.
    order.sort_by_key(|&word| std::cmp::Reverse(words[word as usize].1));
    let mut rank = vec![0; words.len()];
    (0..).zip(&order).for_each(|(place, &word)| rank[word as usize] = place);
    word_of_form.iter_mut().for_each(|word| *word = rank[*word as usize]);
    let words = order.into_iter().map(|word| std::mem::take(&mut words[word as usize])).collect();
    (words, word_of_form)
}

/// Words are left out the more often the more frequent they are: fastText keeps a word of share `f` with the probability
/// `sqrt(t / f) + t / f` (the formula of word2vec's program; that of its paper lacks the second term).
fn kept(counts: &[u64], sample: f64) -> Vec<u32> {
    let n_words: u64 = counts.iter().sum();
    let keep = |&count: &u64| {
        let ratio = sample * n_words as f64 / count as f64;
        // Casts of floats are bounded by the integer's range.
        ((ratio.sqrt() + ratio) * 2f64.powi(32)) as u32
    };
    counts.iter().map(keep).collect()
}

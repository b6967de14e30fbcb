/// Words one behind the other in a single string: millions of them, which would take three times the memory as strings of
/// their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    text: String,
    /// Where each word ends.
    ends: Vec<usize>,
}

impl Words {
    /// The number of words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The words in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The word at an index below [`Words::len`].
    pub fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }

    pub(super) fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.ends.push(self.text.len());
    }

    /// Adds the first `n_words` of others.
    pub(super) fn append(&mut self, others: &Words, n_words: usize) {
        let start = self.text.len();
        let end = n_words.checked_sub(1).map_or(0, |last| others.ends[last]);
        self.text.push_str(&others.text[..end]);
        self.ends.extend(others.ends[..n_words].iter().map(|end| start + end));
    }
}

impl<'a> FromIterator<&'a str> for Words {
    fn from_iter<I: IntoIterator<Item = &'a str>>(iter: I) -> Words {
        let mut words = Words::default();
        iter.into_iter().for_each(|word| words.push(word));
        words
    }
}

use ner_vocab::StringId;

/// The beginnings and ends of words that are embedded, by their lengths in characters.
#[derive(Clone, Debug)]
pub(super) struct Affixes {
    pub(super) prefixes: Vec<usize>,
    pub(super) suffixes: Vec<usize>,
}

impl Affixes {
    /// How many there are of a word.
    pub(super) fn count(&self) -> usize {
        self.prefixes.len() + self.suffixes.len()
    }

    /// Their ids: prefixes first. A word that is shorter than an affix is its own affix, as spaCy's PREFIX and SUFFIX have it.
    pub(super) fn ids(&self, word: &str) -> impl Iterator<Item = u64> {
        let end = |length: usize| word.char_indices().nth(length).map_or(word.len(), |(at, _)| at);
        let start = |length: usize| word.char_indices().rev().nth(length - 1).map_or(0, |(at, _)| at);
        let prefixes = self.prefixes.iter().map(move |&length| &word[..end(length)]);
        let suffixes = self.suffixes.iter().map(move |&length| &word[start(length)..]);
        prefixes.chain(suffixes).map(|affix| StringId::of(affix).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affixes_are_cut_between_characters() {
        let affixes = Affixes { prefixes: vec![1, 3], suffixes: vec![2, 9] };
        assert_eq!(affixes.count(), 4);
        let expected = ["Ä", "Äpf", "el", "Äpfel"].map(|affix| StringId::of(affix).0);
        assert_eq!(affixes.ids("Äpfel").collect::<Vec<_>>(), expected);
    }
}

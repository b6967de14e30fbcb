use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use ner_doc::Doc;
use ner_vocab::Attribute;

use crate::letters::has_letter;

/// For each token of some documents, as rows one after the other, the last token of the same word before it in its
/// document. Words are the same if they are in lower case; one without a letter has none before it.
#[derive(Debug, Default)]
pub(super) struct EarlierTokens(Vec<u32>);

/// Stands for none: half the size of an `Option<u32>`, and no batch has so many tokens.
const NONE: u32 = u32::MAX;

impl EarlierTokens {
    pub(super) fn new(docs: &[&Doc]) -> EarlierTokens {
        let mut earlier = Vec::with_capacity(docs.iter().map(|doc| doc.len()).sum());
        let mut last: HashTable<(u64, u32)> = HashTable::new();
        for doc in docs {
            last.clear();
            for token in 0..doc.len() {
                let lower = doc.attribute(Attribute::LOWER, token);
                let row = earlier.len() as u32;
                // Ids of strings are hashes already.
                let found = match last.entry(lower, |&(other, _)| other == lower, |&(other, _)| other) {
                    Entry::Occupied(mut entry) => std::mem::replace(&mut entry.get_mut().1, row),
                    Entry::Vacant(entry) => {
                        entry.insert((lower, row));
                        NONE
                    }
                };
                earlier.push(if found != NONE && has_letter(doc, token) { found } else { NONE });
            }
        }
        EarlierTokens(earlier)
    }

    /// The row of the token of the same word before the token with this row.
    pub(super) fn before(&self, row: usize) -> Option<usize> {
        self.0.get(row).filter(|&&row| row != NONE).map(|&row| row as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_vocab::Vocab;

    use super::*;

    #[test]
    fn words_are_found_again_within_a_document() {
        let vocab = Arc::new(Vocab::new("en").unwrap());
        let doc = |text: &str| Doc::from_words(vocab.clone(), &text.split(' ').collect::<Vec<_>>(), &[]);
        let earlier = EarlierTokens::new(&[&doc("Rose , rose , ROSE"), &doc("rose a A")]);
        let found: Vec<_> = (0..9).map(|row| earlier.before(row)).collect();
        assert_eq!(found, [None, None, Some(0), None, Some(2), None, None, Some(6), None]);
    }
}

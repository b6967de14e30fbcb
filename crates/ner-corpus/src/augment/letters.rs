use std::collections::BTreeMap;

use ner_cpython::PythonRandom;

/// The letters of some words by their case, with how often each occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Letters {
    upper: Counts,
    lower: Counts,
    /// Of scripts without case.
    others: Counts,
}

#[derive(Clone, Debug, Default)]
struct Counts {
    by_letter: BTreeMap<char, u64>,
    total: u64,
}

impl Letters {
    pub(super) fn add(&mut self, letter: char) {
        let counts = if letter.is_uppercase() {
            &mut self.upper
        } else if letter.is_lowercase() {
            &mut self.lower
        } else {
            &mut self.others
        };
        *counts.by_letter.entry(letter).or_default() += 1;
        counts.total += 1;
    }

    /// A letter of the same case, drawn by how often it occurs; `None` if there is none.
    pub(super) fn draw_for(&self, letter: char, random: &mut PythonRandom) -> Option<char> {
        let Counts { by_letter, total } = if letter.is_uppercase() {
            &self.upper
        } else if letter.is_lowercase() {
            &self.lower
        } else {
            &self.others
        };
        let mut rest = random.randbelow(*total);
        by_letter.iter().find_map(|(&letter, &count)| match rest.checked_sub(count) {
            Some(left) => {
                rest = left;
                None
            }
            None => Some(letter),
        })
    }
}

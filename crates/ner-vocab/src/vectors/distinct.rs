//! From the rows of a file to a table without equal rows.

use std::cmp::Ordering;
use std::hash::BuildHasherDefault;

use indexmap::IndexMap;
use rayon::slice::ParallelSliceMut;

use super::{PublishedVectors, Vectors};
use crate::strings::IdHasher;
use crate::{Attribute, StringId, VocabError};

/// What became of a file's rows in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows whose word comes again further down; the last one counts.
    pub n_repeated_words: usize,
    /// The first such row and the next one of its word, from 0.
    pub first_repeated: Option<[usize; 2]>,
    /// Rows that are equal to that of another word, with which they are shared.
    pub n_shared_rows: usize,
}

impl PublishedVectors {
    /// The table that spaCy makes of the rows: words that are repeated have their last row, and equal rows are stored
    /// once. `attr` is the feature of a token that floret's table is looked up by.
    pub fn into_vectors(self, attr: Attribute) -> Result<(Vectors, RowCounts), VocabError> {
        let PublishedVectors { words, mut data, width, n_promised, floret, .. } = self;
        if let Some(settings) = floret {
            let settings = super::FloretSettings { attr, ..settings };
            return Ok((Vectors::floret(data, width, settings)?, RowCounts::default()));
        }
        let mut keys: IndexMap<StringId, u32, BuildHasherDefault<IdHasher>> = IndexMap::default();
        let mut first_repeated = None;
        for (word, row) in words.iter().zip(0..) {
            // spaCy: a repeated word keeps the place of its first row in the order of keys (Vectors.add in vectors.pyx).
            if let Some(before) = keys.insert(StringId::of(word), row) {
                first_repeated.get_or_insert([before as usize, row as usize]);
            }
        }
        let runs = Runs::of(&data, width, keys.values().copied());
        let counts = RowCounts {
            n_repeated_words: words.len() - keys.len(),
            first_repeated,
            n_shared_rows: keys.len() - runs.first.len(),
        };
        // spaCy: rows stay in the order of the file unless some are equal, of a repeated word, or missing behind those that
        // a header promises: then all are sorted by their values (deduplicate_vectors in vocab.pyx).
        if runs.first.len() != n_promised {
            keys.values_mut().for_each(|row| *row = runs.run_of_row[*row as usize]);
            let n_rows = runs.first.len();
            permute(&mut data, width, runs.permutation());
            data.truncate(n_rows * width);
        }
        Ok((Vectors::new(data, width, keys)?, counts))
    }
}

/// Rows that are equal to each other, in the order of their values.
struct Runs {
    /// The first row of each run.
    first: Vec<u32>,
    /// The run of each row that was given; 0 for others.
    run_of_row: Vec<u32>,
}

impl Runs {
    fn of(data: &[f32], width: usize, rows: impl Iterator<Item = u32>) -> Runs {
        let row = |row: u32| &data[row as usize * width..(row as usize + 1) * width];
        let mut rows: Vec<u32> = rows.collect();
        rows.par_sort_unstable_by(|&a, &b| compare(row(a), row(b)).then(a.cmp(&b)));
        let mut runs = Runs { first: Vec::new(), run_of_row: vec![0; data.len() / width] };
        for index in rows {
            let is_equal = runs.first.last().is_some_and(|&last| compare(row(last), row(index)).is_eq());
            if !is_equal {
                runs.first.push(index);
            }
            runs.run_of_row[index as usize] = runs.first.len() as u32 - 1;
        }
        runs
    }

    /// The old row of each new one: the first rows of all runs, then what is left.
    fn permutation(mut self) -> Vec<u32> {
        let mut is_first = vec![false; self.run_of_row.len()];
        self.first.iter().for_each(|&row| is_first[row as usize] = true);
        self.first.extend((0..).zip(is_first).filter(|(_, is_first)| !is_first).map(|(row, _)| row));
        self.first
    }
}

/// The order of rows of finite numbers. The two zeros are equal.
fn compare(a: &[f32], b: &[f32]) -> Ordering {
    a.partial_cmp(b).expect("numbers that are not finite were refused")
}

/// Moves rows within `data`: `order` has the old row of each new one. Cycle by cycle, so that a table of gigabytes needs
/// the memory of one row more.
fn permute(data: &mut [f32], width: usize, mut order: Vec<u32>) {
    let mut saved = vec![0.0; width];
    for start in 0..order.len() {
        let range = |row: usize| row * width..(row + 1) * width;
        saved.copy_from_slice(&data[range(start)]);
        let mut to = start;
        loop {
            let from = std::mem::replace(&mut order[to], to as u32) as usize;
            if from == start {
                break;
            }
            data.copy_within(range(from), to * width);
            to = from;
        }
        data[range(to)].copy_from_slice(&saved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Words;

    #[track_caller]
    fn check(rows: &[(&str, f32)], n_promised: usize, data: &[f32], key2row: &[u32], counts: [usize; 2]) {
        let words: Words = rows.iter().map(|&(word, _)| word).collect();
        let values = rows.iter().flat_map(|&(_, value)| [value, 1.0]).collect();
        let published = PublishedVectors { words, data: values, width: 2, n_promised, ..Default::default() };
        let (vectors, found) = published.into_vectors(Attribute::ORTH).unwrap();
        let firsts: Vec<f32> = vectors.data().iter().step_by(2).copied().collect();
        let found_rows: Vec<u32> = vectors.keys().map(|(_, row)| row).collect();
        assert_eq!((firsts.as_slice(), found_rows.as_slice()), (data, key2row));
        assert_eq!([found.n_repeated_words, found.n_shared_rows], counts);
        assert_eq!(found.first_repeated, (counts[0] > 0).then_some([0, 2]));
    }

    #[test]
    fn rows_are_sorted_only_where_spacy_sorts_them() {
        check(&[("c", 3.0), ("a", 1.0), ("b", 2.0)], 3, &[3.0, 1.0, 2.0], &[0, 1, 2], [0, 0]);
        check(&[("c", 3.0), ("a", 1.0), ("b", 3.0)], 3, &[1.0, 3.0], &[1, 0, 1], [0, 1]);
        check(&[("c", 3.0), ("a", 4.0), ("c", 2.0)], 3, &[2.0, 4.0], &[0, 1], [1, 0]);
        check(&[("c", 3.0), ("a", 1.0), ("b", 2.0)], 9, &[1.0, 2.0, 3.0], &[2, 0, 1], [0, 0]);
        check(&[("c", -0.0), ("a", 0.0)], 2, &[-0.0], &[0, 0], [0, 1]);
    }
}

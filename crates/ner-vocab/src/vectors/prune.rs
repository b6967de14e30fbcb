use rayon::prelude::*;

use super::Vectors;
use super::nearest::Candidates;
use crate::{StringId, VocabError};

/// Words whose nearest rows one thread looks for at a time.
const BATCH: usize = 96;

impl Vectors {
    /// The table with the rows of its first `n_words` words alone, by the order of rows; every other word takes the nearest
    /// of these rows by cosine, as `Vocab.prune_vectors` of spaCy does. A floret table stays as it is.
    pub fn prune(self, n_words: usize) -> Result<Vectors, VocabError> {
        if self.floret_settings().is_some() {
            return Ok(self);
        }
        let width = self.width();
        let row = |row: u32| &self.data()[row as usize * width..(row as usize + 1) * width];
        // spaCy: words that share a row come by the numbers of their ids, and each counts (vocab.pyx).
        let mut words: Vec<(u32, StringId)> = self.keys().map(|(key, row)| (row, key)).collect();
        words.sort_unstable();
        let (kept, others) = words.split_at(n_words.min(words.len()));
        let data: Vec<f32> = kept.iter().flat_map(|&(index, _)| row(index)).copied().collect();
        let candidates = Candidates::normalised(&data, width);
        let nearest = others.par_chunks(BATCH).flat_map_iter(|others| {
            let queries: Vec<&[f32]> = others.iter().map(|&(index, _)| row(index)).collect();
            candidates.nearest(&queries)
        });
        let rows: Vec<u32> =
            (0..kept.len() as u32).into_par_iter().chain(nearest.map(|row| row as u32)).collect();
        Vectors::new(data, width, words.into_iter().map(|(_, key)| key).zip(rows))
    }
}

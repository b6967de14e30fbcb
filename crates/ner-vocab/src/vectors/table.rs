use std::hash::BuildHasherDefault;

use indexmap::IndexMap;

use super::FloretSettings;
use crate::strings::IdHasher;
use crate::{Attribute, StringId, VocabError};

/// A table of word vectors, `[rows, width]`, and the way from a word to its rows: by its id, or by hashes of its parts.
#[derive(Clone, Debug)]
pub struct Vectors {
    data: Vec<f32>,
    width: usize,
    lookup: Lookup,
}

#[derive(Clone, Debug)]
enum Lookup {
    Keys(IndexMap<StringId, u32, BuildHasherDefault<IdHasher>>),
    Floret(FloretSettings),
}

/// The largest `maxn`, in characters: a word has up to `maxn` parts for each of its characters, and hashing them takes time
/// with the square of `maxn`. A file could otherwise make every word slow.
const MAX_PART: usize = 64;

impl Default for Vectors {
    /// A table without rows.
    fn default() -> Vectors {
        Vectors { data: Vec::new(), width: 0, lookup: Lookup::Keys(IndexMap::default()) }
    }
}

impl Vectors {
    /// A table with one row a key; several keys may share a row.
    pub fn new(
        data: Vec<f32>,
        width: usize,
        key2row: impl IntoIterator<Item = (StringId, u32)>,
    ) -> Result<Vectors, VocabError> {
        let keys: IndexMap<_, _, _> = key2row.into_iter().collect();
        let vectors = Vectors { data, width, lookup: Lookup::Keys(keys) };
        vectors.check()?;
        Ok(vectors)
    }

    /// A table whose rows are shared by the parts of all words, as floret makes it.
    pub fn floret(data: Vec<f32>, width: usize, settings: FloretSettings) -> Result<Vectors, VocabError> {
        let vectors = Vectors { data, width, lookup: Lookup::Floret(settings) };
        vectors.check()?;
        Ok(vectors)
    }

    fn check(&self) -> Result<(), VocabError> {
        let n_rows = self.n_rows();
        let reason = if n_rows * self.width != self.data.len() {
            format!("{} values do not make rows of {}", self.data.len(), self.width)
        } else {
            match &self.lookup {
                Lookup::Keys(keys) => match keys.iter().find(|&(_, &row)| row as usize >= n_rows) {
                    Some((key, row)) => format!("key {key} names row {row} of a table of {n_rows} rows"),
                    None => return Ok(()),
                },
                // One hash of 128 bits gives four rows.
                Lookup::Floret(settings) if !(1..=4).contains(&settings.hash_count) => {
                    format!("hash_count is {}; 1 to 4 are possible", settings.hash_count)
                }
                Lookup::Floret(settings) if settings.maxn > MAX_PART => {
                    format!("maxn is {}; parts of {MAX_PART} characters at most are possible", settings.maxn)
                }
                Lookup::Floret(_) if n_rows == 0 => "a floret table needs rows".to_owned(),
                Lookup::Floret(_) => return Ok(()),
            }
        };
        Err(VocabError::BadVectors { reason })
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.data.len().checked_div(self.width).unwrap_or(0)
    }

    /// Length of a vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The whole table, row by row.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// Keys with their rows in the order in which they were given; none in floret mode.
    pub fn keys(&self) -> impl Iterator<Item = (StringId, u32)> {
        let keys = match &self.lookup {
            Lookup::Keys(keys) => Some(keys),
            Lookup::Floret(_) => None,
        };
        keys.into_iter().flatten().map(|(&key, &row)| (key, row))
    }

    /// The settings in floret mode.
    pub fn floret_settings(&self) -> Option<&FloretSettings> {
        match &self.lookup {
            Lookup::Keys(_) => None,
            Lookup::Floret(settings) => Some(settings),
        }
    }

    /// The token's feature that is looked up.
    pub fn attribute(&self) -> Attribute {
        // spaCy: only a floret table stores its attribute; a table of keys is looked up by word once it has
        // been saved (_get_cfg in vectors.pyx).
        self.floret_settings().map_or(Attribute::ORTH, |settings| settings.attr)
    }

    /// The row of a key; `None` if the table does not have it, and always in floret mode.
    pub fn row(&self, key: StringId) -> Option<usize> {
        match &self.lookup {
            Lookup::Keys(keys) => keys.get(&key).map(|&row| row as usize),
            Lookup::Floret(_) => None,
        }
    }

    /// Writes the vector of a key, which is the id of `text`; zeros if there is none.
    pub fn write_vector(&self, key: StringId, text: &str, vector: &mut [f32]) {
        vector.fill(0.0);
        match &self.lookup {
            Lookup::Keys(_) => {
                if let Some(row) = self.row(key) {
                    vector.copy_from_slice(self.row_data(row));
                }
            }
            Lookup::Floret(settings) => self.write_mean(settings, text, vector),
        }
    }

    /// The mean of the rows of all the word's parts.
    fn write_mean(&self, settings: &FloretSettings, text: &str, vector: &mut [f32]) {
        let mut n_rows = 0;
        settings.for_each_hash(text, |hash| {
            n_rows += 1;
            let row = self.row_data(hash as usize % self.n_rows());
            vector.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        });
        if n_rows > 0 {
            vector.iter_mut().for_each(|sum| *sum /= n_rows as f32);
        }
    }

    fn row_data(&self, row: usize) -> &[f32] {
        &self.data[row * self.width..(row + 1) * self.width]
    }
}

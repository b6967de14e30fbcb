use std::hash::BuildHasherDefault;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::murmur::hash128;
use crate::strings::IdHasher;
use crate::{Attribute, Doc, DocError, StringId};

/// A table of word vectors, `[rows, width]`, and the way from a word to its rows.
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

/// Characters of a word's parts at most: the time that a long word takes grows with their square.
const MAX_PART: usize = 64;

/// How floret (Explosion, 2021) hashes a word's parts to rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloretSettings {
    /// Shortest parts, in code points.
    pub minn: usize,
    /// Longest parts.
    pub maxn: usize,
    /// Rows a part: 1 to 4.
    pub hash_count: usize,
    /// Seed of the hash function.
    pub hash_seed: u32,
    /// What stands for the beginning of a word.
    pub bow: String,
    /// What stands for its end.
    pub eow: String,
    /// The token's feature whose text is looked up.
    #[serde(default = "orth")]
    pub attr: Attribute,
}

fn orth() -> Attribute {
    Attribute::ORTH
}

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
    ) -> Result<Vectors, DocError> {
        let keys: IndexMap<_, _, _> = key2row.into_iter().collect();
        let vectors = Vectors { data, width, lookup: Lookup::Keys(keys) };
        vectors.check()?;
        Ok(vectors)
    }

    /// A table whose rows are shared by the parts of all words.
    pub fn floret(data: Vec<f32>, width: usize, settings: FloretSettings) -> Result<Vectors, DocError> {
        let vectors = Vectors { data, width, lookup: Lookup::Floret(settings) };
        vectors.check()?;
        Ok(vectors)
    }

    fn check(&self) -> Result<(), DocError> {
        let n_rows = self.n_rows();
        let reason = if n_rows * self.width != self.data.len() {
            format!("{} values do not make rows of {}", self.data.len(), self.width)
        } else {
            match &self.lookup {
                Lookup::Keys(keys) => match keys.iter().find(|&(_, &row)| row as usize >= n_rows) {
                    Some((key, row)) => format!("key {key} names row {row} of a table of {n_rows} rows"),
                    None => return Ok(()),
                },
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
        Err(DocError::BadVectors { reason })
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
        self.floret_settings().map_or(Attribute::ORTH, |settings| settings.attr)
    }

    /// The row of a key; `None` if the table lacks it, and always in floret mode.
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

impl FloretSettings {
    /// Calls `visit` with the hashes of each part of the word: the whole word, then all stretches of `minn` to
    /// `maxn` characters, shortest first. An empty word has no parts.
    pub fn for_each_hash(&self, text: &str, mut visit: impl FnMut(u32)) {
        if text.is_empty() {
            return;
        }
        let word = format!("{}{text}{}", self.bow, self.eow);
        let ends: Vec<usize> = word.char_indices().map(|(end, _)| end).chain([word.len()]).collect();
        let mut visit_part = |part: &str| {
            let [low, high] = hash128(part.as_bytes(), self.hash_seed);
            let hashes = [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32];
            hashes.into_iter().take(self.hash_count).for_each(&mut visit);
        };
        visit_part(&word);
        for length in self.minn..=self.maxn.min(ends.len() - 1) {
            (0..ends.len() - length).for_each(|start| visit_part(&word[ends[start]..ends[start + length]]));
        }
    }
}

impl Doc {
    /// Writes a token's vector from the vocabulary's table into `vector`, which is as long as the table is wide;
    /// zeros if there is none.
    pub fn write_vector(&self, token_index: usize, vector: &mut [f32]) {
        let vectors = self.vocab().vectors();
        let key = StringId(self.attribute(vectors.attribute(), token_index));
        match vectors.floret_settings() {
            None => vectors.write_vector(key, "", vector),
            Some(_) => {
                let own = self.vocab().strings().get(key);
                let word = self.tokens[token_index].text();
                let text = self.vocab().feature_text(word, vectors.attribute());
                vectors.write_vector(key, own.as_deref().or(text.as_deref()).unwrap_or(""), vector);
            }
        }
    }
}

use super::Words;
use super::row::n_numbers_behind;
use crate::FloretSettings;

/// What is read of a file of vectors.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    /// Rows after which reading ends; all are read if it is `None`.
    pub truncate: Option<usize>,
    /// Whether it is a table of floret's, in which rows belong to no word.
    pub is_floret: bool,
}

/// Word vectors as a file has them: row by row, repeated words included.
#[derive(Debug, Default)]
pub struct PublishedVectors {
    /// What the file is, in words.
    pub format: &'static str,
    /// The word of each row; none in floret's table.
    pub words: Words,
    /// The values of all rows.
    pub data: Vec<f32>,
    /// Values of a row.
    pub width: usize,
    /// The rows that the file, or `truncate`, says there are: more than were found if the file is a part of another.
    pub n_promised: usize,
    /// The settings of floret's table.
    pub floret: Option<FloretSettings>,
    /// The name of the file that was read of an archive, and the number of files there.
    pub member: Option<(String, usize)>,
}

impl PublishedVectors {
    /// The rows that are there.
    pub fn n_rows(&self) -> usize {
        self.data.len().checked_div(self.width).unwrap_or(0)
    }

    /// Words that end in numbers with a point, such as `the 0.1`, and the first of them: rows of too many numbers look like
    /// this, since a word may have spaces.
    pub fn words_with_numbers(&self) -> (usize, Option<&str>) {
        let mut words = self.words.iter().filter(|word| word.contains('.') && n_numbers_behind(word) > 0);
        let first = words.next();
        (words.count() + usize::from(first.is_some()), first)
    }
}

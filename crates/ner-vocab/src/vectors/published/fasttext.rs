use std::io::{self, BufRead, ErrorKind, Read};
use std::path::Path;

use ner_files::FileError;
use rayon::prelude::*;

use super::source::Source;
use super::subwords::Subwords;
use super::{PublishedVectors, ReadOptions, VectorFileError, Words};

const MAGIC: i32 = 793_712_314;

/// Whether a file that begins with `head` is a binary model of fastText.
pub(super) fn is_fasttext(head: &[u8]) -> bool {
    head.starts_with(&MAGIC.to_le_bytes())
}

/// Reads the word vectors of fastText's binary model (version 11 and 12): the mean of a word's own row and those of its
/// parts, as `get_word_vector` gives it.
pub(super) fn read(source: Source<'_>, options: ReadOptions) -> Result<PublishedVectors, VectorFileError> {
    let Source { path, bytes, .. } = source;
    let mut model = Model { path, bytes };
    let (subwords, is_supervised) = model.settings()?;
    let words = model.words(is_supervised)?;
    let (mut data, width) = model.matrix(words.len(), subwords.bucket as usize)?;
    let n_words = words.len();
    let (word_rows, part_rows) = data.split_at_mut(n_words * width);
    word_rows.par_chunks_mut(width).enumerate().for_each(|(index, row)| {
        let mut n_rows = 1.0;
        subwords.for_each_row(words.get(index), |part| {
            let part = &part_rows[part * width..(part + 1) * width];
            row.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
            n_rows += 1.0;
        });
        let scale = (1.0 / n_rows) as f32;
        row.iter_mut().for_each(|sum| *sum *= scale);
    });
    let n_kept = options.truncate.unwrap_or(n_words).min(n_words);
    data.truncate(n_kept * width);
    if let Some(index) = data.iter().position(|value| !value.is_finite()) {
        let problem = format!("the vector of {:?} is not finite", words.get(index / width));
        return Err(VectorFileError::row(path, (index / width) as u64 + 1, problem));
    }
    let mut kept = Words::default();
    kept.append(&words, n_kept);
    let n_promised = options.truncate.unwrap_or(n_words);
    let format = "fastText's binary model";
    Ok(PublishedVectors { format, words: kept, data, width, n_promised, ..Default::default() })
}

struct Model<'a> {
    path: &'a Path,
    bytes: Box<dyn BufRead + Send + 'a>,
}

impl Model<'_> {
    /// The arguments of training, as far as vectors depend on them, and whether it is a classifier.
    fn settings(&mut self) -> Result<(Subwords, bool), VectorFileError> {
        let [_, version] = self.ints()?;
        if ![11, 12].contains(&version) {
            return Err(self.wrong(format!("version {version}, expected 11 or 12")));
        }
        let [_dim, _ws, _epoch, _min_count, _neg, _word_ngrams, _loss, model, bucket, minn, maxn, _rate] =
            self.ints()?;
        let [_sampling] = self.longs()?;
        const SUPERVISED: i32 = 3;
        let is_supervised = model == SUPERVISED;
        // Classifiers of version 11 have no parts of words, whatever their arguments say.
        let maxn = if version == 11 && is_supervised { 0 } else { maxn };
        // No word has parts longer than this, and a file could otherwise make each word slow.
        let length = |value: i32| usize::try_from(value).ok().filter(|&value| value <= 64);
        match (length(minn), length(maxn), u32::try_from(bucket)) {
            (Some(minn), Some(maxn), Ok(bucket)) => Ok((Subwords { minn, maxn, bucket }, is_supervised)),
            _ => {
                Err(self.wrong(format!("minn {minn}, maxn {maxn}, bucket {bucket}, expected small numbers")))
            }
        }
    }

    /// The words, without the labels of a classifier, which stand behind them.
    fn words(&mut self, is_supervised: bool) -> Result<Words, VectorFileError> {
        let [n_entries, n_words, _n_labels] = self.ints()?;
        let [_n_tokens, n_pruned] = self.longs()?;
        if n_pruned >= 0 {
            return Err(
                self.wrong("the model was quantised, and its words pruned; give the model before that")
            );
        }
        let mut words = Words::default();
        for index in 0..n_entries {
            let mut word = Vec::new();
            self.bytes.read_until(0, &mut word).map_err(FileError::io(self.path))?;
            let is_whole = word.pop() == Some(0);
            let [_count] = self.longs()?;
            let [_kind] = self.array()?;
            if is_whole && index < n_words {
                let word = std::str::from_utf8(&word).map_err(|_| {
                    let row = index as u64 + 1;
                    VectorFileError::row(self.path, row, "the word is not UTF-8")
                })?;
                words.push(word);
            }
        }
        if words.is_empty() {
            let what = if is_supervised { "classifier" } else { "model" };
            return Err(self.wrong(format!("a {what} without words")));
        }
        Ok(words)
    }

    /// The rows of words and of parts, and their width.
    fn matrix(&mut self, n_words: usize, bucket: usize) -> Result<(Vec<f32>, usize), VectorFileError> {
        let [is_quantised] = self.array()?;
        if is_quantised != 0 {
            return Err(self.wrong("the model is quantised (.ftz); expected one that is not (.bin)"));
        }
        let [n_rows, width] = self.longs()?.map(|size| usize::try_from(size).unwrap_or(0));
        if n_rows != n_words + bucket || width == 0 {
            return Err(self.wrong(format!(
                "{n_rows} rows of {width} values, expected one for each of {n_words} words and {bucket} parts of words"
            )));
        }
        let mut data = Vec::new();
        let mut row = Vec::new();
        for _ in 0..n_rows {
            row.clear();
            self.bytes
                .by_ref()
                .take(4 * width as u64)
                .read_to_end(&mut row)
                .map_err(FileError::io(self.path))?;
            if row.len() < 4 * width {
                return Err(self.cut_short());
            }
            data.extend(row.as_chunks::<4>().0.iter().map(|&value| f32::from_le_bytes(value)));
        }
        Ok((data, width))
    }

    fn ints<const N: usize>(&mut self) -> Result<[i32; N], VectorFileError> {
        let mut ints = [0; N];
        for int in &mut ints {
            *int = i32::from_le_bytes(self.array()?);
        }
        Ok(ints)
    }

    fn longs<const N: usize>(&mut self) -> Result<[i64; N], VectorFileError> {
        let mut longs = [0; N];
        for long in &mut longs {
            *long = i64::from_le_bytes(self.array()?);
        }
        Ok(longs)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], VectorFileError> {
        let mut bytes = [0; N];
        self.bytes.read_exact(&mut bytes).map_err(|error: io::Error| match error.kind() {
            ErrorKind::UnexpectedEof => self.cut_short(),
            _ => FileError::io(self.path)(error).into(),
        })?;
        Ok(bytes)
    }

    fn cut_short(&self) -> VectorFileError {
        self.wrong("the file was cut short: download it again")
    }

    fn wrong(&self, problem: impl Into<String>) -> VectorFileError {
        VectorFileError::format(self.path, format!("fastText's model: {}", problem.into()))
    }
}

use std::io::{BufRead, Cursor, Read};
use std::path::Path;

use ner_files::{FileError, without_bom};
use rayon::prelude::*;

use super::row::{n_numbers_behind, read_row};
use super::source::Source;
use super::{PublishedVectors, ReadOptions, VectorFileError, Words};
use crate::{Attribute, FloretSettings};

/// Text that one thread reads at a time: some hundred rows, enough to make handing it over cheap.
const BLOCK: usize = 1 << 20;

/// The first line of a text, where it tells of the rows.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub n_rows: usize,
    pub width: usize,
    floret: Option<FloretSettings>,
}

impl Header {
    /// The header in a line: two whole numbers, with floret's settings behind them. `None` if the line is a row.
    pub(super) fn of(line: &[u8]) -> Option<Header> {
        let line = std::str::from_utf8(without_bom(line)).ok()?;
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let numbers: Vec<usize> = fields.iter().map_while(|field| field.parse().ok()).collect();
        match (numbers.as_slice(), fields.as_slice()) {
            (&[n_rows, width], [_, _]) => Some(Header { n_rows, width, floret: None }),
            (&[n_rows, width, minn, maxn, hash_count, hash_seed, ..], [.., bow, eow])
                if fields.len() == 8 =>
            {
                let (bow, eow) = ((*bow).to_owned(), (*eow).to_owned());
                let hash_seed = u32::try_from(hash_seed).ok()?;
                let attr = Attribute::ORTH;
                let floret = FloretSettings { minn, maxn, hash_count, hash_seed, bow, eow, attr };
                Some(Header { n_rows, width, floret: Some(floret) })
            }
            _ => None,
        }
    }

    /// Fails if it is the header of another kind of table than the options say, or cannot be true.
    fn check(&self, is_floret: bool) -> Result<(), String> {
        match &self.floret {
            None if is_floret => Err(
                "expected the header of floret's table, bucket dim minn maxn hash_count hash_seed BOW EOW, found that of \
                 words: leave out --mode floret, or give the file that ends in .floret"
                    .to_owned(),
            ),
            Some(_) if !is_floret => Err("this is the header of floret's table: add --mode floret".to_owned()),
            Some(settings) if settings.maxn < settings.minn => {
                Err(format!("maxn is {}, expected at least minn, which is {}", settings.maxn, settings.minn))
            }
            _ if self.width == 0 => Err("the header says that a row has 0 numbers".to_owned()),
            _ => Ok(()),
        }
    }
}

/// Reads the text of word2vec, GloVe, fastText or floret.
pub(super) fn read(source: Source<'_>, options: ReadOptions) -> Result<PublishedVectors, VectorFileError> {
    let Source { path, mut bytes, .. } = source;
    let mut first = Vec::new();
    bytes.read_until(b'\n', &mut first).map_err(FileError::io(path))?;
    let Some(header) = Header::of(&first) else {
        if options.is_floret {
            let problem =
                "expected the header of floret's table: bucket dim minn maxn hash_count hash_seed BOW EOW";
            return Err(VectorFileError::line(path, 1, problem));
        }
        let first = without_bom(&first).to_vec();
        let width = String::from_utf8_lossy(&first).split_ascii_whitespace().count().saturating_sub(1);
        let width = if first.starts_with(b" ") { width + 1 } else { width };
        if width == 0 {
            let problem = "expected a word and its numbers, or a header with the numbers of rows and columns";
            return Err(VectorFileError::line(path, 1, problem));
        }
        let bytes = Box::new(Cursor::new(first).chain(bytes));
        let n_most = options.truncate.unwrap_or(usize::MAX);
        let vectors = Reading::new(path, 1, width, n_most).read(bytes)?;
        let n_promised = options.truncate.unwrap_or_else(|| vectors.words.len());
        return Ok(PublishedVectors { format: "text without a header, as GloVe's", n_promised, ..vectors });
    };
    header.check(options.is_floret).map_err(|problem| VectorFileError::line(path, 1, problem))?;
    let n_promised = options.truncate.unwrap_or(header.n_rows);
    let mut reading = Reading::new(path, 2, header.width, n_promised);
    reading.is_complete = options.truncate.is_none();
    let vectors = reading.read(bytes)?;
    if header.floret.is_some() {
        check_complete(path, &vectors, header.n_rows)?;
        return Ok(PublishedVectors {
            format: "floret's table",
            words: Words::default(),
            n_promised,
            floret: header.floret,
            ..vectors
        });
    }
    Ok(PublishedVectors { format: "text with a header, as word2vec's and fastText's", n_promised, ..vectors })
}

/// Fails unless floret's table has all rows: every word would get another vector.
fn check_complete(path: &Path, vectors: &PublishedVectors, n_rows: usize) -> Result<(), VectorFileError> {
    match vectors.n_rows() {
        n_found if n_found == n_rows => Ok(()),
        n_found => Err(VectorFileError::format(
            path,
            format!(
                "{n_found} rows, expected {n_rows} as the header says: the file was cut short, download it again"
            ),
        )),
    }
}

/// Rows that are being read.
struct Reading<'a> {
    path: &'a Path,
    /// The line of the first row.
    first_line: u64,
    width: usize,
    /// Rows after which reading ends.
    n_most: usize,
    /// Whether no more rows than `n_most` may be there.
    is_complete: bool,
    words: Words,
    data: Vec<f32>,
}

/// The rows of a part of the text, up to the first that cannot be read.
#[derive(Default)]
struct Block {
    words: Words,
    data: Vec<f32>,
    problem: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(path: &'a Path, first_line: u64, width: usize, n_most: usize) -> Reading<'a> {
        let (words, data) = (Words::default(), Vec::new());
        Reading { path, first_line, width, n_most, is_complete: false, words, data }
    }

    fn read(mut self, mut bytes: Box<dyn BufRead + Send + '_>) -> Result<PublishedVectors, VectorFileError> {
        // Parsing takes far longer than reading, so a thread for reading ahead would gain little.
        let n_blocks = 2 * rayon::current_num_threads();
        loop {
            let texts = (0..n_blocks)
                .map(|_| next_block(&mut *bytes))
                .filter(|text| !matches!(text, Ok(text) if text.is_empty()));
            let texts: Vec<Vec<u8>> = texts.collect::<Result<_, _>>().map_err(FileError::io(self.path))?;
            let width = self.width;
            let blocks: Vec<Block> = texts.par_iter().map(|text| Block::read(text, width)).collect();
            for block in &blocks {
                self.add(block)?;
            }
            let is_enough = self.words.len() == self.n_most && !self.is_complete;
            if texts.len() < n_blocks || is_enough {
                let Reading { width, words, data, .. } = self;
                return Ok(PublishedVectors { words, data, width, ..PublishedVectors::default() });
            }
        }
    }

    fn add(&mut self, block: &Block) -> Result<(), VectorFileError> {
        let error = |row: usize, problem: &str| {
            Err(VectorFileError::line(self.path, self.first_line + row as u64, problem))
        };
        let (n_before, n_left) = (self.words.len(), self.n_most - self.words.len());
        if n_before == 0
            && let Some(word) = block.words.iter().next()
        {
            let n_more = n_numbers_behind(word);
            if n_more > 0 {
                let (n_found, width) = (self.width + n_more, self.width);
                let problem = format!(
                    "a word and {n_found} numbers, expected {width} as the header says: correct the first line"
                );
                return error(0, &problem);
            }
        }
        let n_rows = block.words.len().min(n_left);
        self.words.append(&block.words, n_rows);
        self.data.extend(&block.data[..n_rows * self.width]);
        if block.words.len() > n_left && self.is_complete {
            let problem = format!(
                "one row more than the {} of the header: correct the first line, or add --truncate {}",
                self.n_most, self.n_most
            );
            return error(self.n_most, &problem);
        }
        match &block.problem {
            Some(problem) if block.words.len() < n_left || self.is_complete => {
                error(n_before + n_rows, problem)
            }
            _ => Ok(()),
        }
    }
}

impl Block {
    fn read(text: &[u8], width: usize) -> Block {
        let mut block = Block::default();
        for line in text.strip_suffix(b"\n").unwrap_or(text).split(|&byte| byte == b'\n') {
            match read_row(line, width, &mut block.data) {
                Ok(word) => block.words.push(word),
                Err(problem) => {
                    block.problem = Some(problem);
                    break;
                }
            }
        }
        block
    }
}

/// The next lines: [`BLOCK`] bytes, and what is missing of the last line.
fn next_block(bytes: &mut (impl BufRead + ?Sized)) -> std::io::Result<Vec<u8>> {
    let mut block = Vec::new();
    bytes.take(BLOCK as u64).read_to_end(&mut block)?;
    if block.len() == BLOCK {
        bytes.read_until(b'\n', &mut block)?;
    }
    Ok(block)
}

use std::io::{BufRead, Read};

use ner_files::FileError;

use super::source::Source;
use super::text::Header;
use super::{PublishedVectors, ReadOptions, VectorFileError, Words};

/// Bytes behind the first word that tell numbers from text.
const SAMPLE: usize = 1 << 10;

/// Whether a file that begins with `head` is binary: a header of two numbers as in a text, and behind the first word no
/// row of a text.
pub(super) fn is_binary(head: &[u8]) -> bool {
    let (first, rest) = split_line(head);
    let Some(space) = rest.iter().position(|&byte| byte == b' ').filter(|_| Header::of(first).is_some())
    else {
        return false;
    };
    let sample = &rest[space..rest.len().min(space + SAMPLE)];
    let is_control = |&byte: &u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // A text in another encoding ends its first row with a number all the same.
    let (row, _) = split_line(rest);
    let last = row.trim_ascii_end().rsplit(|&byte| byte == b' ').next();
    let ends_in_number = last.and_then(|last| std::str::from_utf8(last).ok()?.parse::<f64>().ok()).is_some();
    sample.iter().any(is_control) || (!is_utf8(sample) && !ends_in_number)
}

/// Whether a text that may be cut within a character is UTF-8.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| end + 1);
    bytes.split_at(end)
}

/// Reads the binary file of word2vec: each row is a word, a space, and 32-bit floats, the last byte first.
pub(super) fn read(source: Source<'_>, options: ReadOptions) -> Result<PublishedVectors, VectorFileError> {
    let Source { path, mut bytes, .. } = source;
    let io_error = FileError::io(path);
    let mut first = Vec::new();
    bytes.read_until(b'\n', &mut first).map_err(&io_error)?;
    let Header { n_rows, width, .. } = Header::of(&first).unwrap_or_default();
    let n_bytes = width.checked_mul(4).filter(|&n_bytes| n_bytes > 0);
    let n_bytes =
        n_bytes.ok_or_else(|| VectorFileError::format(path, format!("a row of {width} numbers")))?;
    let n_read = options.truncate.unwrap_or(n_rows).min(n_rows);
    let (mut words, mut data, mut values) = (Words::default(), Vec::new(), Vec::new());
    for row in 1..=n_read as u64 {
        let error = |problem: String| VectorFileError::row(path, row, problem);
        let mut word = Vec::new();
        bytes.read_until(b' ', &mut word).map_err(&io_error)?;
        values.clear();
        bytes.by_ref().take(n_bytes as u64).read_to_end(&mut values).map_err(&io_error)?;
        if values.len() < n_bytes {
            return Err(error(format!(
                "{} bytes of numbers, expected {n_bytes}, and {n_rows} rows as the header says: the file was cut short; \
                 download it again, or read fewer rows with --truncate {}",
                values.len(),
                row - 1
            )));
        }
        // word2vec itself ends rows with a line break, Gensim does not.
        let word = word.strip_prefix(b"\n").unwrap_or(&word);
        let word = std::str::from_utf8(word.strip_suffix(b" ").unwrap_or(word));
        let word = word.map_err(|_| error("the word is not UTF-8".to_owned()))?;
        words.push(word);
        data.extend(values.as_chunks::<4>().0.iter().map(|&value| f32::from_le_bytes(value)));
        if let Some(index) = data[data.len() - width..].iter().position(|value| !value.is_finite()) {
            return Err(error(format!("number {} of {word:?} is not finite", index + 1)));
        }
    }
    let mut rest = Vec::new();
    bytes.take(2).read_to_end(&mut rest).map_err(&io_error)?;
    if n_read == n_rows && !matches!(rest.as_slice(), b"" | b"\n") {
        let problem = format!("bytes behind the {n_rows} rows of the header: it does not fit the file");
        return Err(VectorFileError::format(path, problem));
    }
    let n_promised = options.truncate.unwrap_or(n_rows);
    Ok(PublishedVectors {
        format: "word2vec's binary file",
        words,
        data,
        width,
        n_promised,
        ..Default::default()
    })
}

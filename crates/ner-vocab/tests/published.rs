//! Files of word vectors as other programs write them. `fasttext.bin` is a model that fastText 0.9.2 has trained, and
//! `word2vec.bin` a file that Gensim 4.4.0 has written; the vectors in the JSON beside are what these programs give.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ner_vocab::{Attribute, PublishedVectors, ReadOptions, VectorFileError};
use proptest::prelude::*;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published").join(name)
}

fn read_bytes(bytes: &[u8], options: ReadOptions) -> Result<PublishedVectors, VectorFileError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    PublishedVectors::read(file.path(), options)
}

fn read(bytes: &[u8]) -> PublishedVectors {
    read_bytes(bytes, ReadOptions::default()).unwrap()
}

/// The rows of a table in their order.
fn rows(vectors: &PublishedVectors) -> Vec<(&str, Vec<f64>)> {
    let rows = vectors.data.chunks(vectors.width).map(|row| row.iter().copied().map(f64::from).collect());
    vectors.words.iter().zip(rows).collect()
}

#[test]
fn binary_files_have_the_rows_that_their_programs_give() {
    for (name, format) in [("fasttext", "fastText's binary model"), ("word2vec", "word2vec's binary file")] {
        let vectors =
            PublishedVectors::read(&fixture(&format!("{name}.bin")), ReadOptions::default()).unwrap();
        let expected: Value =
            serde_json::from_slice(&fs::read(fixture(&format!("{name}.json"))).unwrap()).unwrap();
        assert_eq!(vectors.format, format);
        let found: Value =
            rows(&vectors).into_iter().map(|(word, row)| (word.to_owned(), Value::from(row))).collect();
        assert_eq!(found, expected);
        let options = ReadOptions { truncate: Some(2), ..ReadOptions::default() };
        let first = PublishedVectors::read(&fixture(&format!("{name}.bin")), options).unwrap();
        assert_eq!(rows(&first), rows(&vectors)[..2]);
    }
}

#[test]
fn rows_of_word2vec_may_end_in_line_breaks() {
    let plain = fs::read(fixture("word2vec.bin")).unwrap();
    let table = read(&plain);
    let mut broken = format!("{} {}\n", table.words.len(), table.width).into_bytes();
    for (word, row) in table.words.iter().zip(table.data.chunks(table.width)) {
        broken.extend(word.bytes().chain([b' ']));
        broken.extend(row.iter().flat_map(|value| value.to_le_bytes()).chain([b'\n']));
    }
    assert_eq!(read(&broken).data, table.data);
}

const TEXT: &str = "3 2\nthe 1 2\nNew York 3 4\ncat 5 6\n";

#[test]
fn packed_files_have_the_same_rows() {
    let plain = read(TEXT.as_bytes());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(TEXT.as_bytes()).unwrap();
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("50d.txt", TEXT), ("100d.txt", "a 1\n")] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let zstd =
        ruzstd::encoding::compress_to_vec(TEXT.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let zip = zip.finish().unwrap().into_inner();
    for packed in [gzip.finish().unwrap(), zstd, zip.clone()] {
        assert_eq!(rows(&read(&packed)), rows(&plain));
    }
    assert_eq!(read(&zip).member, Some(("50d.txt".to_owned(), 2)));
}

#[test]
fn of_a_text_the_first_rows_are_read() {
    for (n_rows, text) in [(2, TEXT.to_owned()), (2, TEXT[4..].to_owned()), (2, TEXT.replace("5 6", "5 6 x"))]
    {
        let options = ReadOptions { truncate: Some(n_rows), ..ReadOptions::default() };
        let vectors = read_bytes(text.as_bytes(), options).unwrap();
        assert_eq!(rows(&vectors), [("the", vec![1.0, 2.0]), ("New York", vec![3.0, 4.0])]);
    }
    // Rows far beyond one block of text, in order.
    let long: String = (0..200_000).map(|row| format!("w{row} {row} 1\n")).collect();
    let vectors = read(long.as_bytes());
    assert_eq!(vectors.n_rows(), 200_000);
    assert!(vectors.words.iter().zip(0..).all(|(word, row)| word == format!("w{row}")));
    assert!(vectors.data.iter().step_by(2).zip(0..).all(|(&value, row)| value == row as f32));
}

#[test]
fn pruned_words_take_the_nearest_row() {
    let text = "7 2\nthe 1 0\ncat 0 1\nCat 0.1 5\nred -1 0.2\nnot -3 0.1\nzero 0 0\nThe 7 0.5\n";
    let (vectors, _) = read(text.as_bytes()).into_vectors(Attribute::ORTH).unwrap();
    let keys: Vec<_> = vectors.keys().map(|(key, _)| key).collect();
    let pruned = vectors.clone().prune(4).unwrap();
    assert_eq!(pruned.data(), &vectors.data()[..8]);
    let rows: Vec<usize> = keys.iter().map(|&key| pruned.row(key).unwrap()).collect();
    // Of equally near rows the last.
    assert_eq!(rows, [0, 1, 2, 3, 3, 3, 0]);
    let whole = vectors.clone().prune(9).unwrap();
    assert_eq!(whole.data(), vectors.data());
}

#[test]
fn a_binary_file_that_was_cut_is_refused() {
    // Behind the rows of words and their parts, fastText has those of its output layer, which are not read.
    for (name, n_behind) in [("fasttext.bin", 161), ("word2vec.bin", 1)] {
        let bytes = fs::read(fixture(name)).unwrap();
        for length in 0..bytes.len() - n_behind {
            let error = read_bytes(&bytes[..length], ReadOptions::default());
            assert!(error.is_err(), "{name} of {length} bytes");
        }
    }
}

proptest! {
    #[test]
    fn damaged_files_are_read_or_refused(
        name in prop::sample::select(vec!["fasttext.bin", "word2vec.bin"]),
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let mut bytes = fs::read(fixture(name)).unwrap();
        for (index, byte) in damages {
            let index = index.index(bytes.len().min(200));
            bytes[index] = byte;
        }
        let _ = read_bytes(&bytes, ReadOptions::default()).map(|vectors| vectors.into_vectors(Attribute::ORTH));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[ab \t\n0-9.e-]{0,60}", is_floret: bool) {
        let _ = read_bytes(text.as_bytes(), ReadOptions { is_floret, truncate: None });
    }
}

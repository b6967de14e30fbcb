//! Files that word vectors are published in: text of word2vec, GloVe, fastText and floret, binary files of word2vec and
//! fastText.

mod error;
mod fasttext;
mod published_vectors;
mod reading;
mod row;
mod source;
mod subwords;
mod text;
mod word2vec;
mod words;

pub use error::VectorFileError;
pub use published_vectors::{PublishedVectors, ReadOptions};
pub use words::Words;

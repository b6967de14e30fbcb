//! SentencePiece's unigram model: its file, and the best segmentation of a text.
//!
//! Kudo, "Subword Regularization", 2018 (<https://arxiv.org/abs/1804.10959>). The crate `tokenizers` decides ties between
//! segmentations and combining characters in other ways than the library that spacy-curated-transformers uses.

mod character_table;
mod model_file;
mod normalizer;
mod protobuf;
mod unigram;

pub(crate) use model_file::{Kind, ModelFile, Piece};
pub(crate) use unigram::Unigram;

//! spacy-curated-transformers' piece encoders: token by token, then windows of pieces.

mod byte_bpe;
mod hugging_face;
mod piece_encoder;
mod sentencepiece;
mod strided_pieces;
mod wordpiece;

pub use byte_bpe::{ByteBpe, ByteBpeSettings};
pub use piece_encoder::{DocPieces, PieceEncoder, PieceVocabulary};
pub use sentencepiece::{Sentencepiece, Shift};
pub use strided_pieces::StridedPieces;
pub use wordpiece::{Wordpiece, WordpieceSettings};

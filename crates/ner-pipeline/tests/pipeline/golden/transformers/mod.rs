//! Pretrained encoders: what spacy-transformers and spacy-curated-transformers computed.

mod made;
mod pipelines;
mod real;
mod tensors;
mod updates;
mod vectors;

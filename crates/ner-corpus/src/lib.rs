//! Corpus files to documents and back.

//! The ner command.

//! Precision, recall and F of entities.

//! The named architectures of spaCy's tok2vec and ner.

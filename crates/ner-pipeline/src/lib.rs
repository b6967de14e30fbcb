//! Tokenizer, tok2vec and recogniser as one pipeline: predict, update, load, save.

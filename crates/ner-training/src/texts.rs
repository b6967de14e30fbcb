//! Texts whose annotation of entities is not read.

use std::path::Path;

use ner_corpus::CorpusError;
use ner_corpus::reader::{Corpus, ExampleSource, PlainTextCorpus};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

/// Calls `take` with each text of a `.txt` file of a text a line, or of a file or folder of any format that is read, until
/// it returns false. `key` names in errors where the path comes from.
pub(crate) fn read_texts(
    path: &Path,
    key: &str,
    tokenizer: &Tokenizer,
    mut take: impl FnMut(Example) -> bool,
) -> Result<(), CorpusError> {
    let is_text = path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("txt"));
    let source: Box<dyn ExampleSource> = match is_text && path.is_file() {
        true => Box::new(PlainTextCorpus::new(path, key, 0, 0)),
        false => Box::new(Corpus::new(path, key)),
    };
    // Nothing draws from it: these readers have no augmenter.
    let random = SharedRandom::new(0);
    for text in source.examples(tokenizer, &random) {
        if !take(text?) {
            break;
        }
    }
    Ok(())
}

/// Groups of texts of at most so many words, or of one text.
pub(crate) fn batches<T>(texts: Vec<T>, words: usize, n_words_of: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut n_words = 0;
    for text in texts {
        let n_words_of_text = n_words_of(&text);
        n_words += n_words_of_text;
        match batches.last_mut().filter(|_| n_words <= words) {
            Some(batch) => batch.push(text),
            None => {
                n_words = n_words_of_text;
                batches.push(vec![text]);
            }
        }
    }
    batches
}

use std::path::Path;

use ner_corpus::CorpusError;
use ner_corpus::reader::{Corpus, ExampleSource};
use ner_cpython::SharedRandom;
use ner_doc::{Doc, Example};
use ner_pipeline::Pipeline;
use ner_tokenizer::Tokenizer;

use crate::StudyError;

/// Where predictions come from.
pub enum Predictions<'a> {
    /// A pipeline makes them.
    Pipeline(Box<Pipeline>),
    /// A file has them, with the documents in the order of the data.
    File {
        /// The file.
        path: &'a Path,
        /// What splits its texts.
        tokenizer: Box<Tokenizer>,
    },
}

impl Predictions<'_> {
    /// The documents of annotated data with the predictions.
    ///
    /// # Errors
    /// If a file cannot be read, or has other documents.
    pub fn examples(&self, data: &Path) -> Result<Vec<Example>, StudyError> {
        match self {
            Predictions::Pipeline(pipeline) => {
                let mut examples = read(data, "DATA", pipeline.tokenizer())?;
                let mut docs: Vec<&mut Doc> =
                    examples.iter_mut().map(|example| &mut example.predicted).collect();
                pipeline.predict(&mut docs)?;
                Ok(examples)
            }
            Predictions::File { path, tokenizer } => {
                let gold = read(data, "DATA", tokenizer)?;
                let predicted = read(path, "the file of predictions", tokenizer)?;
                let wrong = |message: String| StudyError::Predictions { file: (*path).to_owned(), message };
                if predicted.len() != gold.len() {
                    return Err(wrong(format!(
                        "it has {} documents, and the data {}; predict the same file, for instance with ner apply",
                        predicted.len(),
                        gold.len()
                    )));
                }
                let pairs = predicted.into_iter().zip(gold).enumerate();
                let pairs = pairs.map(|(index, (predicted, gold))| {
                    let example = Example::new(predicted.reference, gold.reference);
                    let text = example.predicted.text();
                    example.alignment().map(|_| example).map_err(|_| {
                        let text: String = text.chars().take(60).collect();
                        wrong(format!(
                            "document {} ({text:?}) is another text than in the data; predict the same file, in the same order",
                            index + 1
                        ))
                    })
                });
                pairs.collect()
            }
        }
    }
}

fn read(path: &Path, key: &str, tokenizer: &Tokenizer) -> Result<Vec<Example>, StudyError> {
    // Nothing draws from it: this corpus has no augmenter.
    let random = SharedRandom::new(0);
    let corpus = Corpus::new(path, key);
    let examples = corpus.examples(tokenizer, &random);
    Ok(examples.collect::<Result<_, CorpusError>>()?)
}

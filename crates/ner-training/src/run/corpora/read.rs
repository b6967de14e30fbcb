use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

use crate::TrainingError;

/// All examples of the corpus at `path`; an error if there is none.
pub(super) fn read_corpus(
    source: &dyn ExampleSource,
    path: &str,
    tokenizer: &Tokenizer,
    random: &SharedRandom,
) -> Result<Vec<Example>, TrainingError> {
    let examples: Vec<Example> = source.examples(tokenizer, random).collect::<Result<_, _>>()?;
    if examples.is_empty() {
        return Err(TrainingError::NoExamples { corpus: path.to_owned() });
    }
    Ok(examples)
}

use std::path::PathBuf;

use ner_config::{Document, Overrides};
use ner_corpus::CorpusError;
use ner_corpus::reader::{Corpus, ExampleSource, UnannotatedTexts};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

use crate::TrainingError;

/// What a trained pipeline learns from, and how.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// Annotated documents: a file of any format that is read, or a folder.
    pub data: PathBuf,
    /// Texts on which the pipeline is to go on as before: a `.txt` file of a text a line, or a file of any format, whose
    /// annotation is not read. Those of `data` are no substitute: a rehearsal on them takes their corrections back.
    pub rehearse: Option<PathBuf>,
    /// Further annotated documents to measure by, before and after.
    pub eval: Option<PathBuf>,
    /// The labels that are new; `None`: those of the documents that the recogniser does not know.
    pub new_labels: Option<Vec<String>>,
    /// Values of `[training]`, such as `training.dropout`, and of `[training.rehearsal]`.
    pub overrides: Overrides,
}

impl UpdateOptions {
    /// The config of a run on so many words.
    pub(super) fn config(&self, n_words: usize) -> Result<Document, TrainingError> {
        let own = Document::from_toml_str(include_str!("update.toml")).expect("our own file is TOML");
        let mut config = own.with_sections();
        let batch_words = (n_words / STEPS).clamp(MIN_BATCH_WORDS, MAX_BATCH_WORDS);
        config.set("training.batcher.size.start", batch_words as i64);
        let steps_per_epoch = (n_words / batch_words).max(1);
        config.set("training.max_epochs", EPOCHS.max(MIN_STEPS.div_ceil(steps_per_epoch)) as i64);
        // Twice an epoch, so that of few documents none is learned for long before it is measured; seldom enough that a run
        // with many does not spend its time on measuring.
        let eval_frequency = (steps_per_epoch / 2).clamp(MIN_EVAL_FREQUENCY, MAX_EVAL_FREQUENCY);
        config.set("training.eval_frequency", eval_frequency as i64);
        config.set("training.patience", (PATIENCE * eval_frequency) as i64);
        if self.rehearse.is_some() {
            config.set("training.rehearsal.corpus", "--rehearse");
        }
        Ok(config.with_overrides(&self.overrides)?)
    }

    pub(super) fn data(&self, tokenizer: &Tokenizer) -> Result<Vec<Example>, TrainingError> {
        let examples = read(&Corpus::new(&self.data, "DATA"), tokenizer)?;
        match examples.is_empty() {
            true => Err(TrainingError::NoExamples { corpus: self.data.display().to_string() }),
            false => Ok(examples),
        }
    }

    pub(super) fn eval(&self, tokenizer: &Tokenizer) -> Result<Option<Vec<Example>>, TrainingError> {
        self.eval.as_ref().map(|path| read(&Corpus::new(path, "--eval"), tokenizer)).transpose()
    }

    /// The texts to rehearse on, if there are some.
    pub(super) fn texts(&self, tokenizer: &Tokenizer) -> Result<Option<Vec<Example>>, TrainingError> {
        let Some(path) = &self.rehearse else { return Ok(None) };
        let texts = UnannotatedTexts::new(path, "--rehearse");
        let texts: Vec<Example> = texts.examples(tokenizer).collect::<Result<_, CorpusError>>()?;
        match texts.is_empty() {
            true => {
                let (path, key) = (path.clone(), "--rehearse".to_owned());
                Err(CorpusError::NothingToRead { path, problem: "no text was found".to_owned(), key }.into())
            }
            false => Ok(Some(texts)),
        }
    }
}

/// How often documents are learned from, unless they are so few that a handful of steps would come of it.
const EPOCHS: usize = 10;
const MIN_STEPS: usize = 100;
/// Steps of an epoch, if the smallest batches allow: what is too few to be learned from in big ones is a handful.
const STEPS: usize = 20;
/// Words of the first batches; fewer are a sentence, more are what a whole corpus is learned with.
const MIN_BATCH_WORDS: usize = 25;
const MAX_BATCH_WORDS: usize = 100;
/// Evaluations without a better score that end a run.
const PATIENCE: usize = 6;
/// Steps between two evaluations; a handful of them changes little.
const MIN_EVAL_FREQUENCY: usize = 5;
const MAX_EVAL_FREQUENCY: usize = 200;

fn read(source: &dyn ExampleSource, tokenizer: &Tokenizer) -> Result<Vec<Example>, TrainingError> {
    // Nothing draws from it: these corpora have no augmenter.
    let random = SharedRandom::new(0);
    Ok(source.examples(tokenizer, &random).collect::<Result<_, CorpusError>>()?)
}

use std::collections::BTreeSet;
use std::iter;
use std::path::{Path, PathBuf};

use ner_config::{Block, Builder, ConfigError, Kind};
use ner_cpython::SharedRandom;
use ner_files::FileError;
use ner_formats::account::Account;
use ner_formats::{FormatError, Place};
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ExampleSource, Examples};
use crate::CorpusError;

/// Some examples of a corpus: a sample, a fold, or what is left of it. By such parts a study makes of one corpus what each
/// of its runs learns from and is measured by.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartConfig {
    /// The reader of all examples.
    pub corpus: Block,
    /// A JSON file with the numbers of the examples that belong to the part, counted from 0 in the order of reading.
    pub path: String,
}

/// The examples of a source that have certain numbers.
pub struct Part {
    source: Box<dyn ExampleSource>,
    numbers: BTreeSet<usize>,
    /// The file that lists them.
    file: PathBuf,
}

pub(crate) fn part(config: PartConfig, builder: &Builder) -> Result<Box<dyn ExampleSource>, ConfigError> {
    let mut source: Box<dyn ExampleSource> = builder.build(Kind::Readers, &config.corpus)?;
    let file = PathBuf::from(config.path);
    let numbers = read_numbers(&file).map_err(|error| builder.failed(error))?;
    source.fit_to(&numbers);
    Ok(Box::new(Part { source, numbers, file }))
}

fn read_numbers(file: &Path) -> Result<BTreeSet<usize>, FormatError> {
    serde_json::from_reader(ner_files::open(file)?).map_err(|error| {
        if error.is_io() {
            return FileError::io(file)(error.into()).into();
        }
        let place = Place::file(file).line(error.line()).column(error.column());
        let message = format!("expected a list of numbers such as [0, 2, 5]: {error}");
        FormatError::Malformed { place, message, code: None }
    })
}

impl ExampleSource for Part {
    /// Reads the whole source, also what lies beyond the part, so that its accounts are those of the source. Fails at the end if
    /// it has fewer examples than the numbers promise.
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a> {
        let mut source = self.source.examples(tokenizer, random).enumerate();
        let mut n_examples = 0;
        let mut is_over = false;
        Box::new(iter::from_fn(move || {
            for (number, example) in source.by_ref() {
                n_examples = number + 1;
                if example.is_err() || self.numbers.contains(&number) {
                    return Some(example);
                }
            }
            let last = *self.numbers.last()?;
            let is_short = last >= n_examples && !std::mem::replace(&mut is_over, true);
            is_short.then(|| Err(CorpusError::BeyondPart { file: self.file.clone(), last, n_examples }))
        }))
    }

    fn unvaried<'a>(&'a self, tokenizer: &'a Tokenizer) -> Option<Examples<'a>> {
        let source = self.source.unvaried(tokenizer)?.enumerate();
        let of_part = move |(number, example): &(usize, Result<_, _>)| {
            example.is_err() || self.numbers.contains(number)
        };
        Some(Box::new(source.filter(of_part).map(|(_, example)| example)))
    }

    fn fit_to(&mut self, numbers: &BTreeSet<usize>) {
        let of_part = self.numbers.iter().enumerate();
        let inner = of_part.filter(|(index, _)| numbers.contains(index)).map(|(_, &number)| number);
        self.source.fit_to(&inner.collect());
    }

    fn accounts(&self) -> Vec<Account> {
        self.source.accounts()
    }
}

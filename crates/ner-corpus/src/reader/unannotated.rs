use std::iter;
use std::path::{Path, PathBuf};

use ner_formats::{Format, FormatError, suffix};
use ner_tokenizer::Tokenizer;

use super::Examples;
use super::corpus::Corpus;
use super::files::ConfigPath;
use super::pass::Pass;
use super::raw_text::lines;
use crate::CorpusError;

/// Texts whose annotation is not read: of a `.txt` file of a text a line, of a file of any other format that is read, or of all
/// such files in a folder and below it, whatever kinds they are of; where `.spacy` files are among them, of these and `.txt`.
pub struct UnannotatedTexts {
    corpus: Corpus,
}

impl UnannotatedTexts {
    /// The texts of the file or folder; `key` names in errors where the path comes from.
    pub fn new(path: impl Into<PathBuf>, key: &str) -> UnannotatedTexts {
        UnannotatedTexts { corpus: Corpus::new(path, key).texts_only() }
    }

    /// Reads from the start. The text of an example is its own reference, or that of its file.
    pub fn examples<'a>(&'a self, tokenizer: &'a Tokenizer) -> Examples<'a> {
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => return Box::new(iter::once(Err(error))),
        };
        Box::new(files.into_iter().flat_map(move |file| -> Examples<'a> {
            match is_text(&file) {
                true => lines(&file, tokenizer),
                false => Box::new(Pass::without_changes(&self.corpus, tokenizer, vec![file])),
            }
        }))
    }

    fn files(&self) -> Result<Vec<PathBuf>, CorpusError> {
        let ConfigPath { path, key } = &self.corpus.path;
        if !path.exists() {
            return Err(CorpusError::MissingPath { path: path.clone(), key: key.clone() });
        }
        if !path.is_dir() {
            return Ok(vec![path.clone()]);
        }
        let all = ner_files::files_below(path).map_err(FormatError::from)?;
        // What stands beside `.spacy` files is what they were made from, or lists of labels.
        let has_spacy = all.iter().any(|file| suffix(file) == "spacy");
        let is_read = |file: &PathBuf| match suffix(file).as_str() {
            "txt" | "spacy" => true,
            suffix => !has_spacy && Format::of_suffix(suffix).is_some(),
        };
        let (files, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_read);
        if files.is_empty() {
            let problem =
                "no .txt file, nor one of a format that is read, is in this folder or below it".to_owned();
            return Err(CorpusError::NothingToRead { path: path.clone(), problem, key: key.clone() });
        }
        for file in others {
            let reason = match has_spacy {
                true => "in a folder with .spacy files they and .txt files are read alone",
                false => "its name ends as that of no format does",
            };
            tracing::warn!("{}: not read, since {reason}", file.display());
        }
        Ok(files)
    }
}

fn is_text(file: &Path) -> bool {
    suffix(file) == "txt"
}

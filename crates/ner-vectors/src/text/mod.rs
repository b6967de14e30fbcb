//! The text as numbers on the disk: split into tokens once, read again in each epoch.

mod forms;
mod ids;
mod write;

pub(crate) use forms::Forms;
pub(crate) use ids::{END, Ids};
pub use write::TextWriter;

use std::path::{Path, PathBuf};

use ner_files::FileError;
use serde::{Deserialize, Serialize};

use crate::VectorsError;

/// A text that was written, on the disk but for its distinct words.
#[derive(Debug)]
pub struct Text {
    folder: PathBuf,
    pub(crate) forms: Forms,
    pub(crate) n_ids: u64,
    origin: Origin,
}

/// What a text was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The language by whose rules it was split into tokens.
    pub lang: String,
    /// The files.
    pub sources: Vec<Source>,
}

/// A file that a text was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The path as it was given.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// The words, their counts, and what the text was read from.
const SUMMARY: &str = "text.json";
/// For each token the number of its form as four bytes, the lowest first, and [`END`] behind each document.
const IDS: &str = "ids";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Summary {
    n_ids: u64,
    origin: Origin,
    forms: Forms,
}

impl Text {
    /// The text in a folder; `None` if there is none.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn open(folder: &Path) -> Result<Option<Text>, VectorsError> {
        if !folder.exists() {
            return Ok(None);
        }
        let path = folder.join(SUMMARY);
        let damaged = |path: PathBuf, problem: String| VectorsError::Damaged { path, problem };
        let summary: Summary = serde_json::from_slice(&ner_files::read(&path)?)
            .map_err(|error| damaged(path, error.to_string()))?;
        let Summary { n_ids, origin, forms } = summary;
        let path = folder.join(IDS);
        let n_bytes = std::fs::metadata(&path).map_err(FileError::io(&path))?.len();
        if n_bytes != 4 * n_ids {
            let problem = format!("it has {n_bytes} bytes, expected {}: it was cut short", 4 * n_ids);
            return Err(damaged(path, problem));
        }
        Ok(Some(Text { folder: folder.to_owned(), forms, n_ids, origin }))
    }

    /// What it was read from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Fails if it was read from something else.
    pub fn check_origin(&self, now: &Origin) -> Result<(), VectorsError> {
        let other = |problem: String| VectorsError::Other { path: self.folder.clone(), problem };
        if self.origin.lang != now.lang {
            return Err(other(format!("lang was {} and is {}", self.origin.lang, now.lang)));
        }
        if self.origin.sources != now.sources {
            let files = |origin: &Origin| {
                let files = origin.sources.iter();
                let files = files.map(|file| format!("{} ({} bytes)", file.path.display(), file.bytes));
                files.collect::<Vec<_>>().join(", ")
            };
            return Err(other(format!("the text was {} and is {}", files(&self.origin), files(now))));
        }
        Ok(())
    }

    /// The folder of the weights that were learned of it so far; gone when another text is written.
    pub(crate) fn weights_folder(&self) -> PathBuf {
        self.folder.join("weights")
    }

    /// The number of tokens.
    pub fn n_tokens(&self) -> u64 {
        self.forms.iter().map(|(_, count)| count).sum()
    }

    /// The distinct tokens, in the order in which they were met.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().map(|(form, _)| form)
    }

    /// The numbers from a place on.
    pub(crate) fn ids(&self, from: u64) -> Result<Ids, VectorsError> {
        Ids::open(self.folder.join(IDS), from, self.forms.len() as u32)
    }
}

use std::path::{Path, PathBuf};

use ner_files::{NewDirectory, replace_directory};
use serde_json::Value;

use super::connection::Connection;
use super::fetch::{Fetched, fetch};
use super::file_url::file_url;
use super::hub::{Hub, Report};
use crate::{EncoderFiles, EncoderName, HubError, TOKENIZER_FILES};

/// Weights by preference, each either a file or the index of several.
const WEIGHTS: [&str; 4] = [
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
];

/// One of these is enough for a tokenizer.
const VOCABULARIES: [&str; 5] =
    ["tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model"];

impl Hub {
    /// Gets settings, weights and tokenizer of an encoder into `folder/organisation/name`, which is what
    /// [`EncoderPlaces::find`](crate::EncoderPlaces::find) looks for below `folder`, and which is replaced as a whole when
    /// everything has come.
    ///
    /// # Errors
    /// If the hub has no such encoder, or does not give it; if the connection breaks more often than it is worth to
    /// repeat; if what came is not what the hub announced, or no encoder that is computed here. `folder` is left as it
    /// was.
    pub fn download(
        &self,
        name: &EncoderName,
        revision: &str,
        folder: &Path,
        report: Report<'_>,
    ) -> Result<PathBuf, HubError> {
        let place = folder.join(name.to_string());
        let mut download =
            Download { connection: Connection::open(self)?, name, revision: revision.to_owned(), report };
        replace_directory(&place, |new| download.all(new))?;
        Ok(place)
    }
}

struct Download<'a> {
    connection: Connection,
    name: &'a EncoderName,
    revision: String,
    report: Report<'a>,
}

impl Download<'_> {
    fn all(&mut self, new: &mut NewDirectory) -> Result<(), HubError> {
        let Some(config) = self.small(new, "config.json")? else {
            return Err(self.lacks("config.json"));
        };
        // Before half a gigabyte has come in vain.
        EncoderFiles::check_settings(&config, "config.json")?;
        let mut n_vocabularies = 0;
        for file in TOKENIZER_FILES {
            let has_come = self.file(new, file)?;
            n_vocabularies += usize::from(has_come && VOCABULARIES.contains(&file));
        }
        if n_vocabularies == 0 {
            return Err(self.lacks(&VOCABULARIES.join(" or ")));
        }
        for file in WEIGHTS {
            if file.ends_with(".json") {
                let Some(index) = self.small(new, file)? else { continue };
                return self.shards(new, &index);
            }
            if self.file(new, file)? {
                return Ok(());
            }
        }
        Err(self.lacks("model.safetensors or pytorch_model.bin"))
    }

    fn shards(&mut self, new: &mut NewDirectory, index: &[u8]) -> Result<(), HubError> {
        let index: Value = serde_json::from_slice(index).unwrap_or_default();
        for file in crate::weights::shards(&index)? {
            if !self.file(new, &file)? {
                return Err(self.lacks(&file));
            }
        }
        Ok(())
    }

    /// Gets a file; whether the hub has it.
    fn file(&mut self, new: &mut NewDirectory, file: &str) -> Result<bool, HubError> {
        self.get(new, file, false).map(|fetched| fetched.is_some())
    }

    /// Gets a file, and gives its bytes as well.
    fn small(&mut self, new: &mut NewDirectory, file: &str) -> Result<Option<Vec<u8>>, HubError> {
        self.get(new, file, true).map(|fetched| fetched.map(|fetched| fetched.kept))
    }

    fn get(&mut self, new: &mut NewDirectory, file: &str, keep: bool) -> Result<Option<Fetched>, HubError> {
        let url = file_url(&self.connection.endpoint, self.name, &self.revision, file);
        let fetched = fetch(&self.connection, &url, file, new, keep, self.report)?;
        // A branch may move while its files come: the rest is taken from the commit of the first file.
        if let Some(commit) = fetched.as_ref().and_then(|fetched| fetched.commit.clone()) {
            self.revision = commit;
        }
        Ok(fetched)
    }

    fn lacks(&self, expected: &str) -> HubError {
        HubError::Download {
            url: format!("{}/{}", self.connection.endpoint, self.name),
            found: format!("no {expected} in revision {}", self.revision),
            mend: "look at the name and the revision, or choose an encoder that has these files".to_owned(),
        }
    }
}

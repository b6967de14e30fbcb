use std::io::{self, Write};
use std::path::Path;

use ner_files::{FileError, replace_directory};

use super::{END, Forms, IDS, Origin, SUMMARY, Source, Summary, Text};
use crate::VectorsError;

/// Writes the tokens of documents as numbers, so that the text is in memory at no time: 4 bytes a token on the disk, read one
/// after the other. If the text were split into tokens anew in each epoch, a run that goes on would have to read and count it
/// before, and files that were changed meanwhile would change it.
pub struct TextWriter<'a> {
    forms: Forms,
    n_ids: u64,
    file: &'a mut dyn Write,
}

impl TextWriter<'_> {
    /// Adds a document.
    pub fn add<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) -> io::Result<()> {
        for word in words {
            let id = self.forms.count(word);
            self.write(id)?;
        }
        self.write(END)
    }

    fn write(&mut self, id: u32) -> io::Result<()> {
        self.n_ids += 1;
        self.file.write_all(&id.to_le_bytes())
    }
}

impl Text {
    /// Replaces a folder by the text of the documents that `fill` adds.
    ///
    /// # Errors
    /// Those of `fill`, and if the files cannot be written. The folder is then as it was before.
    pub fn write<E: From<VectorsError>>(
        folder: &Path,
        origin: Origin,
        fill: impl FnOnce(&mut TextWriter<'_>) -> Result<(), E>,
    ) -> Result<Text, E> {
        let mut failure = None;
        let mut summary = Summary { n_ids: 0, origin, forms: Forms::default() };
        let written = replace_directory::<VectorsError>(folder, |new| {
            new.write_with(IDS, |file| {
                let mut writer = TextWriter { forms: Forms::default(), n_ids: 0, file };
                let filled = fill(&mut writer);
                (summary.n_ids, summary.forms) = (writer.n_ids, writer.forms);
                filled.map_err(|error| {
                    failure = Some(error);
                    io::Error::other("the text could not be read")
                })
            })?;
            if summary.forms.len() == 0 {
                return Err(VectorsError::NoWords);
            }
            let json = serde_json::to_vec(&summary).expect("its maps have keys of text");
            Ok(new.write(SUMMARY, &json)?)
        });
        match (failure, written) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(())) => {
                let Summary { n_ids, origin, forms } = summary;
                Ok(Text { folder: folder.to_owned(), forms, n_ids, origin })
            }
        }
    }
}

impl Source {
    /// A file as it is now.
    pub fn of(path: &Path) -> Result<Source, FileError> {
        let metadata = std::fs::metadata(path).map_err(FileError::io(path))?;
        Ok(Source { path: path.to_owned(), bytes: metadata.len() })
    }
}

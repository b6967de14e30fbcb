use std::path::{Path, PathBuf};

use ner_files::FileError;

use crate::StudyError;

/// The lists of numbers by which runs take parts of a corpus, as files in the folder of the study.
pub(crate) struct Parts<'a> {
    study: &'a Path,
}

impl<'a> Parts<'a> {
    /// In the folder of a study.
    pub(crate) fn of(study: &'a Path) -> Parts<'a> {
        Parts { study }
    }

    /// Writes a list, unless it is there, and returns its file.
    ///
    /// # Errors
    /// If another list of this name is there: runs may have been made with it.
    pub(crate) fn write(&self, name: &str, numbers: &[usize]) -> Result<PathBuf, StudyError> {
        let file = self.study.join("parts").join(format!("{name}.json"));
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let text = format!("{sorted:?}\n");
        if file.exists() {
            return match ner_files::read(&file)? == text.as_bytes() {
                true => Ok(file),
                false => Err(StudyError::Record {
                    message: "it lists other documents than are drawn now, so the corpus or the study is another one; name \
                              another output directory"
                        .to_owned(),
                    file,
                }),
            };
        }
        ner_files::write(&file, |out| out.write_all(text.as_bytes()).map_err(FileError::io(&file)))?;
        Ok(file)
    }
}

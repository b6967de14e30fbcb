use std::io::Write;
use std::path::Path;

use ner_files::{FileMap, replace_directory};
use ner_model::{PYTHON_LAYERS, needs_python_layers};

use super::FileSink;
use super::json::json_bytes;
use super::model::model_file;
use super::vocab::{LOOKUPS, VECTORS, write_vocab};
use crate::{Pipeline, PipelineError};

impl Pipeline {
    /// Writes the pipeline to a directory that spaCy can open. An existing one is replaced as a whole, as the last step.
    pub fn save(&self, path: &Path) -> Result<(), PipelineError> {
        replace_directory(path, |new| {
            self.write(&mut |name, bytes| Ok(new.write(name, bytes)?))?;
            for (name, component) in self.components.iter() {
                let Some(chunks) = model_file(name, &**component, self.dropout_rate)? else { continue };
                new.write_with(&format!("{name}/model"), |file| {
                    chunks.iter().try_for_each(|chunk| file.write_all(chunk))
                })?;
            }
            Ok(new.write_with(VECTORS, |file| self.vocab.vectors().write_table(file))?)
        })
    }

    /// The files that [`Pipeline::save`] writes.
    pub fn to_files(&self) -> Result<FileMap, PipelineError> {
        let mut files = FileMap::new();
        self.write(&mut |name, bytes| {
            files.insert(name.to_owned(), bytes.to_vec());
            Ok(())
        })?;
        for (name, component) in self.components.iter() {
            let Some(chunks) = model_file(name, &**component, self.dropout_rate)? else { continue };
            files.insert(format!("{name}/model"), chunks.concat());
        }
        let mut table = Vec::new();
        self.vocab.vectors().write_table(&mut table).expect("memory takes all bytes");
        files.insert(VECTORS.to_owned(), table);
        Ok(files)
    }

    /// Writes all files but the table of vectors and the weights, which may have gigabytes.
    fn write(&self, sink: FileSink<'_>) -> Result<(), PipelineError> {
        let config = self.described_config();
        sink("config.cfg", config.to_cfg_string()?.as_bytes())?;
        if needs_python_layers(&config) {
            let (name, text) = PYTHON_LAYERS;
            sink(name, text.as_bytes())?;
        }
        sink("meta.json", &json_bytes(self.described().values()))?;
        self.tokenizer.files().iter().try_for_each(|(name, bytes)| sink(name, bytes))?;
        // Lookup tables that were read from a file are among those kept, with the tables that are not used here.
        write_vocab(&self.vocab, !self.kept.contains_key(LOOKUPS), sink)?;
        for (name, component) in self.components.iter() {
            component.write_settings(name, sink)?;
        }
        self.kept.iter().try_for_each(|(name, bytes)| sink(name, bytes))
    }
}

use std::io::Write;
use std::path::{Path, PathBuf};

use ner_doc::Doc;
use serde_json::Map;

use super::{ConvertError, FileType};
use crate::account::Message;
use crate::formats::docbin::DocBinWriter;
use crate::formats::records::JsonlWriter;
use crate::formats::training_json::{Paragraph, TrainingDocument};
use crate::{FormatError, Place};

/// The destination of converted files.
pub enum Output<'a> {
    /// Files of a directory, named as the input with another suffix.
    Directory(&'a Path),
    /// One file after the other; text only.
    Stream(&'a mut dyn Write),
}

impl<'a> Output<'a> {
    /// The directory `path`, or `stream` where the path is `-`.
    pub fn of(path: &'a Path, stream: &'a mut dyn Write) -> Output<'a> {
        if path == Path::new("-") { Output::Stream(stream) } else { Output::Directory(path) }
    }

    /// Fails if a file of this type cannot go there. Asked before anything is read.
    pub(super) fn check(&self, file_type: FileType) -> Result<(), FormatError> {
        match (self, file_type) {
            (Output::Stream(_), FileType::Spacy) => Err(ConvertError::BinaryToStream.into()),
            _ => Ok(()),
        }
    }
}

/// Collects the documents of one file.
pub(super) enum DocWriter {
    Spacy(DocBinWriter),
    Json(TrainingDocument),
    Jsonl { writer: JsonlWriter<Vec<u8>>, n_docs: usize },
}

impl DocWriter {
    /// Collects what becomes a file of this type; `input` is its name in errors.
    pub(super) fn new(file_type: FileType, input: &Path) -> DocWriter {
        match file_type {
            FileType::Spacy => DocWriter::Spacy(DocBinWriter::new()),
            FileType::Json => DocWriter::Json(TrainingDocument::new()),
            FileType::Jsonl => {
                DocWriter::Jsonl { writer: JsonlWriter::new(Vec::new(), input).with_tokens(), n_docs: 0 }
            }
        }
    }

    /// Adds a document of `file`.
    pub(super) fn add(&mut self, doc: &Doc, file: &Path) -> Result<(), FormatError> {
        match self {
            DocWriter::Spacy(writer) => writer.add(doc),
            DocWriter::Json(document) => {
                let place = Place::file(file).document(document.paragraphs.len() + 1);
                let paragraph = Paragraph::new(doc).map_err(|source| FormatError::Doc { place, source })?;
                document.paragraphs.push(paragraph);
            }
            DocWriter::Jsonl { writer, n_docs } => {
                *n_docs += 1;
                writer.write(doc, Map::new())?;
            }
        }
        Ok(())
    }

    /// Writes the file that belongs to `file`, which was found in `input` or is `input` itself.
    pub(super) fn finish(
        self,
        input: &Path,
        file: &Path,
        output: &mut Output<'_>,
        report: &mut dyn FnMut(Message),
    ) -> Result<(), FormatError> {
        let folder = match output {
            Output::Directory(folder) => folder,
            Output::Stream(stream) => return self.write_to_stream(*stream),
        };
        let path = output_path(folder, input, file, self.suffix());
        let n_documents = match &self {
            DocWriter::Spacy(writer) => writer.len(),
            // spaCy: all documents together are one document of training JSON.
            DocWriter::Json(_) => 1,
            DocWriter::Jsonl { n_docs, .. } => *n_docs,
        };
        ner_files::write(&path, |stream| self.write(stream, &path))?;
        report(Message::good(format!("Generated output file ({n_documents} documents): {}", path.display())));
        Ok(())
    }

    fn write_to_stream(&self, stream: &mut dyn Write) -> Result<(), FormatError> {
        let name = Path::new("-");
        self.write(stream, name)?;
        match self {
            DocWriter::Json(_) => stream.write_all(b"\n").map_err(FormatError::io(name)),
            DocWriter::Spacy(_) | DocWriter::Jsonl { .. } => Ok(()),
        }
    }

    fn write(&self, stream: &mut dyn Write, path: &Path) -> Result<(), FormatError> {
        match self {
            DocWriter::Spacy(writer) => writer.write(stream, path),
            DocWriter::Json(document) => document.write(stream).map_err(FormatError::io(path)),
            DocWriter::Jsonl { writer, .. } => {
                stream.write_all(writer.get_ref()).map_err(FormatError::io(path))
            }
        }
    }

    fn suffix(&self) -> &'static str {
        match self {
            DocWriter::Spacy(_) => FileType::Spacy.name(),
            DocWriter::Json(_) => FileType::Json.name(),
            DocWriter::Jsonl { .. } => FileType::Jsonl.name(),
        }
    }
}

fn output_path(folder: &Path, input: &Path, file: &Path, suffix: &str) -> PathBuf {
    // Folders below the input stay folders of the output; a file that was named itself lies in none.
    let name = match file.strip_prefix(input) {
        Ok(below) if !below.as_os_str().is_empty() => below,
        _ => Path::new(file.file_name().unwrap_or_default()),
    };
    folder.join(name).with_extension(suffix)
}

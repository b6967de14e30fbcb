use std::io::Write;
use std::path::{Path, PathBuf};

use super::{ConvertError, FileType};
use crate::FormatError;
use crate::account::Message;
use crate::formats::{DocWriter, Medium};

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
        match (self, file_type.medium()) {
            (Output::Directory(_), _) | (Output::Stream(_), Medium::Text) => Ok(()),
            (Output::Stream(_), Medium::Binary | Medium::Folder) => {
                Err(ConvertError::NoStream(file_type.name()).into())
            }
        }
    }

    /// Writes the documents of `file`, which was found in `input` or is `input` itself.
    pub(super) fn write(
        &mut self,
        input: &Path,
        file: &Path,
        file_type: FileType,
        writer: &dyn DocWriter,
        report: &mut dyn FnMut(Message),
    ) -> Result<(), FormatError> {
        let folder = match self {
            Output::Directory(folder) => folder,
            Output::Stream(stream) => return write_lines(writer, *stream),
        };
        let path = output_path(folder, input, file, file_type.suffix());
        writer.save(&path)?;
        let (n_documents, path) = (writer.n_documents(), path.display());
        report(Message::good(format!("Generated output file ({n_documents} documents): {path}")));
        Ok(())
    }
}

/// Writes text to a stream, which ends with a line.
fn write_lines(writer: &dyn DocWriter, stream: &mut dyn Write) -> Result<(), FormatError> {
    let name = Path::new("-");
    let mut text = Vec::new();
    writer.write(&mut text, name)?;
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    stream.write_all(&text).map_err(FormatError::io(name))
}

/// The name without the suffix of a packing: `a.jsonl` of `a.jsonl.gz`.
fn without_packing(name: &Path) -> PathBuf {
    let is_packed = name.extension().is_some_and(|suffix| suffix == "gz" || suffix == "zst");
    if is_packed { name.with_extension("") } else { name.to_owned() }
}

fn output_path(folder: &Path, input: &Path, file: &Path, suffix: &str) -> PathBuf {
    // Folders below the input stay folders of the output; a file that was named itself lies in none.
    let name = match file.strip_prefix(input) {
        Ok(below) if !below.as_os_str().is_empty() => below,
        _ => Path::new(file.file_name().unwrap_or_default()),
    };
    folder.join(without_packing(name)).with_extension(suffix)
}

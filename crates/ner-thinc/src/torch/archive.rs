use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::pickle;
use crate::{Array, ThincError};

/// The folder that PyTorch gives archives which it does not write to a named file.
const FOLDER: &str = "archive";
/// The version of the archive that all readers since PyTorch 1.6 understand.
const VERSION: &[u8] = b"3\n";

/// The files of an archive. None of them is compressed, so they are no larger than the archive.
pub(super) struct Archive<F> {
    files: ZipArchive<F>,
    folder: String,
    n_bytes: u64,
    /// Bytes that may still be read: entries that overlap give no more than the archive has.
    n_left: u64,
}

impl<F: Read + Seek> Archive<F> {
    pub(super) fn open(mut file: F) -> Result<Archive<F>, ThincError> {
        let expected = |found: String| {
            ThincError::torch(format!("expected a ZIP archive as PyTorch 1.6 and later write it ({found})"))
        };
        let n_bytes = file.seek(SeekFrom::End(0)).map_err(|error| expected(error.to_string()))?;
        let files = ZipArchive::new(file).map_err(|error| expected(error.to_string()))?;
        // The folder is called after the file that was saved to, so only its content tells which one it is.
        let names = files.file_names().filter_map(Result::ok);
        let folder = names.filter_map(|name| name.strip_suffix("data.pkl").map(str::to_owned)).next();
        let folder =
            folder.ok_or_else(|| ThincError::torch("expected a file data.pkl in the archive".to_owned()))?;
        Ok(Archive { files, folder, n_bytes, n_left: n_bytes })
    }

    /// The size of the archive.
    pub(super) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, ThincError> {
        let path = format!("{}{name}", self.folder);
        let mut file = self
            .files
            .by_name(&path)
            .map_err(|error| ThincError::torch(format!("{path} in the archive: {error}")))?;
        if file.compression() != CompressionMethod::Stored {
            return Err(ThincError::torch(format!(
                "{path} in the archive is compressed, which PyTorch never does"
            )));
        }
        // Sized beforehand: growing would copy the largest tensor several times.
        let mut bytes = Vec::with_capacity(file.size().min(self.n_left) as usize);
        (&mut file)
            // One byte beyond the limit shows that it was passed, without reading on.
            .take(self.n_left + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| ThincError::torch(format!("{path} in the archive cannot be read: {error}")))?;
        let n_left = self.n_left.checked_sub(bytes.len() as u64);
        self.n_left = n_left.ok_or_else(|| ThincError::torch("files in the archive overlap".to_owned()))?;
        Ok(bytes)
    }
}

/// How many bytes [`write_state`] appends, rather a few too many.
pub(super) fn n_bytes_at_most(tensors: &[(&str, &[usize])]) -> usize {
    // Twice a file's name and header (30 and 46 bytes), and the instructions for the tensor.
    let tensor = |(name, shape): &(&str, &[usize])| {
        4 * shape.iter().product::<usize>() + name.len() + 40 * shape.len() + 512
    };
    tensors.iter().map(tensor).sum::<usize>() + 1024
}

/// Appends the archive of some tensors, given by names and shapes, whose numbers `array` gives one after the other.
pub(super) fn write_state(
    out: &mut Vec<u8>,
    tensors: &[(&str, &[usize])],
    mut array: impl FnMut(usize) -> Array,
) {
    let write = |archive: &mut Writer<'_>| {
        archive.file("data.pkl", |file| file.write_all(&pickle::write(tensors.iter().copied())))?;
        archive.file("byteorder", |file| file.write_all(b"little"))?;
        for index in 0..tensors.len() {
            archive.file(&format!("data/{index}"), |file| write_numbers(file, array(index).data()))?;
        }
        archive.file("version", |file| file.write_all(VERSION))
    };
    write_archive(out, write).expect("a vector takes every byte");
}

fn write_numbers(file: &mut dyn Write, numbers: &[f32]) -> io::Result<()> {
    // A piece at a time, so that no second copy of a large table is made.
    let mut bytes = [0; 1 << 14];
    for piece in numbers.chunks(bytes.len() / 4) {
        for (bytes, number) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(piece) {
            *bytes = number.to_le_bytes();
        }
        file.write_all(&bytes[..4 * piece.len()])?;
    }
    Ok(())
}

struct Writer<'a>(ZipWriter<Tail<'a>>);

impl Writer<'_> {
    fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> zip::result::ZipResult<()> {
        // As PyTorch does. The fixed time makes equal weights equal files.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        self.0.start_file(format!("{FOLDER}/{name}"), options)?;
        Ok(fill(&mut self.0)?)
    }
}

fn write_archive(
    out: &mut Vec<u8>,
    fill: impl FnOnce(&mut Writer<'_>) -> zip::result::ZipResult<()>,
) -> zip::result::ZipResult<()> {
    let start = out.len() as u64;
    let mut cursor = Cursor::new(out);
    cursor.set_position(start);
    let mut writer = Writer(ZipWriter::new(Tail { cursor, start }));
    fill(&mut writer)?;
    writer.0.finish()?;
    Ok(())
}

/// The end of a vector as a file of its own: an archive counts its places from its own beginning.
struct Tail<'a> {
    cursor: Cursor<&'a mut Vec<u8>>,
    start: u64,
}

impl Write for Tail<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cursor.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Tail<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(place) => SeekFrom::Start(self.start + place),
            other => other,
        };
        Ok(self.cursor.seek(to)? - self.start)
    }
}

/// An archive of any files.
#[cfg(test)]
pub(super) fn archive_of(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let fill = |archive: &mut Writer<'_>| {
        files.iter().try_for_each(|(name, bytes)| archive.file(name, |file| file.write_all(bytes)))
    };
    write_archive(&mut out, fill).expect("a vector takes every byte");
    out
}

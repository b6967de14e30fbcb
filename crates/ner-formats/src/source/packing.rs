use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;
use ner_files::Bound;

use super::parquet::JsonRows;

/// What a file is packed with, as its first bytes say.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstandard,
    /// A table, which becomes lines of JSON.
    Parquet,
    /// Packings and containers that are not read, by name.
    Other(&'static str),
}

/// Text packs to a tenth or so, and repeated lines to a hundredth; zeros to a thousandth and less.
const BOUND: Bound = Bound { free: 1 << 30, ratio: 256 };

impl Packing {
    pub(super) fn of(head: &[u8]) -> Option<Packing> {
        match head {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstandard),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Packing::Other("a zip archive (as .xlsx and .docx are)")),
            [b'P', b'A', b'R', b'1', ..] => Some(Packing::Parquet),
            [0xfd, b'7', b'z', b'X', b'Z', ..] => Some(Packing::Other("packed with xz")),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Packing::Other("packed with bzip2")),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Packing::Other("a PDF document")),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(Packing::Other("an old Microsoft Office document")),
            _ => None,
        }
    }

    /// The unpacked bytes; `None` for what is not read.
    pub(super) fn unpack(
        self,
        packed: Box<dyn BufRead + Send>,
    ) -> io::Result<Option<Box<dyn BufRead + Send>>> {
        let mut counted = Counted { packed, n_read: 0 };
        let unpacked: Box<dyn CountedRead> = match self {
            Packing::Gzip => Box::new(MultiGzDecoder::new(counted)),
            Packing::Zstandard => {
                let decoder = ruzstd::decoding::StreamingDecoder::new(counted);
                Box::new(decoder.map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))?)
            }
            Packing::Parquet => {
                let mut all = Vec::new();
                counted.read_to_end(&mut all)?;
                Box::new(Table { rows: JsonRows::of(all)?, n_packed: counted.n_read })
            }
            Packing::Other(_) => return Ok(None),
        };
        Ok(Some(Box::new(BufReader::with_capacity(1 << 16, Bounded { unpacked, n_unpacked: 0 }))))
    }
}

/// Packed bytes, counted as they are read.
struct Counted {
    packed: Box<dyn BufRead + Send>,
    n_read: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.packed.read(buffer)?;
        self.n_read += n_bytes as u64;
        Ok(n_bytes)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.packed.fill_buf()
    }

    fn consume(&mut self, n_bytes: usize) {
        self.n_read += n_bytes as u64;
        self.packed.consume(n_bytes);
    }
}

/// A decoder that knows how much it has read.
trait CountedRead: Read + Send {
    fn n_packed(&self) -> u64;
}

impl CountedRead for MultiGzDecoder<Counted> {
    fn n_packed(&self) -> u64 {
        self.get_ref().n_read
    }
}

impl CountedRead for ruzstd::decoding::StreamingDecoder<Counted, ruzstd::decoding::FrameDecoder> {
    fn n_packed(&self) -> u64 {
        self.get_ref().n_read
    }
}

/// The rows of a table that was read as a whole.
struct Table {
    rows: JsonRows,
    n_packed: u64,
}

impl Read for Table {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.rows.read(buffer)
    }
}

impl CountedRead for Table {
    fn n_packed(&self) -> u64 {
        self.n_packed
    }
}

/// Refuses a small file that unpacks without end.
struct Bounded {
    unpacked: Box<dyn CountedRead>,
    n_unpacked: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.unpacked.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "the packed data end too early: the file was cut short")
            }
            _ => error,
        })?;
        self.n_unpacked += n_bytes as u64;
        let limit = BOUND.of(self.unpacked.n_packed());
        if self.n_unpacked > limit {
            let message =
                format!("unpacks to more than {limit} bytes, which no text of this packed size does");
            return Err(io::Error::new(ErrorKind::InvalidData, message));
        }
        Ok(n_bytes)
    }
}

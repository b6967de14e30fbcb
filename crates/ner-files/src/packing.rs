use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use crate::Bound;

/// What a single file is packed with, as its first bytes say.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Packing {
    /// gzip, of one member or several.
    Gzip,
    /// Zstandard.
    Zstandard,
}

impl Packing {
    /// The packing of a file that begins with `head`.
    pub fn of(head: &[u8]) -> Option<Packing> {
        match head {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstandard),
            _ => None,
        }
    }

    /// The bytes that were packed, as they are read.
    ///
    /// # Errors
    /// Here or while reading, if the packed bytes are damaged, cut short, or unpack to more than the bound.
    pub fn unpack<'a>(
        self,
        packed: impl BufRead + Send + 'a,
        bound: Bound,
    ) -> io::Result<Box<dyn BufRead + Send + 'a>> {
        let n_packed = Arc::new(AtomicU64::new(0));
        let counted = Counted { packed, n_read: n_packed.clone() };
        Ok(match self {
            Packing::Gzip => {
                buffered(Unpacked { bytes: MultiGzDecoder::new(counted), n_packed, n_unpacked: 0, bound })
            }
            Packing::Zstandard => {
                let bytes = StreamingDecoder::new(counted)
                    .map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))?;
                buffered(Unpacked { bytes, n_packed, n_unpacked: 0, bound })
            }
        })
    }
}

fn buffered<'a>(bytes: impl Read + Send + 'a) -> Box<dyn BufRead + Send + 'a> {
    Box::new(BufReader::with_capacity(1 << 16, bytes))
}

/// Bytes that came out of a packing. Refuses a small file that unpacks without end.
pub struct Unpacked<R> {
    bytes: R,
    n_packed: Arc<AtomicU64>,
    n_unpacked: u64,
    bound: Bound,
}

impl<R: Read> Unpacked<R> {
    /// Bytes that come out of `n_packed` ones.
    pub fn new(bytes: R, n_packed: u64, bound: Bound) -> Unpacked<R> {
        Unpacked { bytes, n_packed: Arc::new(n_packed.into()), n_unpacked: 0, bound }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.bytes.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "the packed data end too early: the file was cut short")
            }
            _ => error,
        })?;
        self.n_unpacked += n_bytes as u64;
        let limit = self.bound.of(self.n_packed.load(Ordering::Relaxed));
        if self.n_unpacked > limit {
            let message =
                format!("unpacks to more than {limit} bytes, which no text of this packed size does");
            return Err(io::Error::new(ErrorKind::InvalidData, message));
        }
        Ok(n_bytes)
    }
}

/// Packed bytes, counted as they are read.
struct Counted<R> {
    packed: R,
    n_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.packed.read(buffer)?;
        self.n_read.fetch_add(n_bytes as u64, Ordering::Relaxed);
        Ok(n_bytes)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.packed.fill_buf()
    }

    fn consume(&mut self, n_bytes: usize) {
        self.n_read.fetch_add(n_bytes as u64, Ordering::Relaxed);
        self.packed.consume(n_bytes);
    }
}

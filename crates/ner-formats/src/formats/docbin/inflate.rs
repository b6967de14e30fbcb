use std::io::{self, ErrorKind, Read};

use flate2::{Decompress, FlushDecompress, Status};
use ner_files::Bound;

use super::DocBinError;

/// A zlib stream being unpacked, within bounds. Unlike flate2's own readers it distinguishes a stream that was cut short
/// from one that ended.
pub(super) struct Inflate<'a> {
    input: &'a [u8],
    stream: Decompress,
    has_ended: bool,
    /// Memory taken for elements made of the unpacked bytes: a list of empty strings is small in the file and 24 bytes an
    /// element in memory.
    overhead: u64,
    problem: Option<DocBinError>,
}

/// The size that any file may unpack to, and how many times its packed size beyond that. Only documents that repeat pack
/// to less than a fiftieth, whereas zlib can make zeros a thousand times smaller.
const BOUND: Bound = Bound { free: 128 << 20, ratio: 256 };

impl<'a> Inflate<'a> {
    pub(super) fn new(input: &'a [u8]) -> Inflate<'a> {
        Inflate { input, stream: Decompress::new(true), has_ended: false, overhead: 0, problem: None }
    }

    /// Why reading failed, if the stream itself was the cause.
    pub(super) fn take_problem(&mut self) -> Option<DocBinError> {
        self.problem.take()
    }

    fn fail(&mut self, problem: DocBinError) -> io::Error {
        self.problem = Some(problem);
        ErrorKind::InvalidData.into()
    }

    /// Counts memory that is taken for the unpacked bytes. Fails if it is too much for a file of this size.
    pub(super) fn charge(&mut self, n_bytes: usize) -> Result<(), DocBinError> {
        self.overhead += n_bytes as u64;
        let limit = BOUND.of(self.stream.total_in());
        if self.stream.total_out() + self.overhead > limit {
            return Err(DocBinError::Unpacked { limit });
        }
        Ok(())
    }

    /// Unpacks some bytes; returns how many, and whether the packed bytes were at their end before.
    fn step(&mut self, output: &mut [u8]) -> io::Result<(usize, bool)> {
        let (had_ended, total_in, total_out) =
            (self.input.is_empty(), self.stream.total_in(), self.stream.total_out());
        let status = self.stream.decompress(self.input, output, FlushDecompress::None);
        self.input = &self.input[(self.stream.total_in() - total_in) as usize..];
        match status {
            Ok(status) => self.has_ended = status == Status::StreamEnd,
            Err(_) => return Err(self.fail(DocBinError::NotDocBin("corrupt"))),
        }
        Ok(((self.stream.total_out() - total_out) as usize, had_ended))
    }
}

impl Read for Inflate<'_> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        while !self.has_ended && !output.is_empty() {
            let (produced, had_ended) = self.step(output)?;
            self.charge(0).map_err(|problem| self.fail(problem))?;
            if produced > 0 {
                return Ok(produced);
            }
            // Nothing came out and nothing can go in any more. An empty input alone is not a sign of a cut: the last bytes of a
            // stream may still wait inside the decoder.
            if had_ended && !self.has_ended {
                return Err(self.fail(DocBinError::NotDocBin("cut short")));
            }
        }
        Ok(0)
    }
}

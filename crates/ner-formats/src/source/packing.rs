use std::io::{self, BufRead, BufReader};

use ner_files::{Bound, Unpacked};

use super::parquet::JsonRows;

/// What a file is packed with, as its first bytes say.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// A text as it is.
    Text(ner_files::Packing),
    /// A table, which becomes lines of JSON.
    Parquet,
    /// Packings and containers that are not read, by name.
    Other(&'static str),
}

/// Text packs to a tenth or so, and repeated lines to a hundredth; zeros to a thousandth and less.
const BOUND: Bound = Bound { free: 1 << 30, ratio: 256 };

impl Packing {
    pub(super) fn of(head: &[u8]) -> Option<Packing> {
        if let Some(packing) = ner_files::Packing::of(head) {
            return Some(Packing::Text(packing));
        }
        match head {
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
        mut packed: Box<dyn BufRead + Send>,
    ) -> io::Result<Option<Box<dyn BufRead + Send>>> {
        match self {
            Packing::Text(packing) => packing.unpack(packed, BOUND).map(Some),
            Packing::Parquet => {
                let mut all = Vec::new();
                packed.read_to_end(&mut all)?;
                let n_packed = all.len() as u64;
                let unpacked = Unpacked::new(JsonRows::of(all)?, n_packed, BOUND);
                Ok(Some(Box::new(BufReader::with_capacity(1 << 16, unpacked))))
            }
            Packing::Other(_) => Ok(None),
        }
    }
}

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use indexmap::IndexMap;
use ner_files::FileError;
use ner_thinc::{Array, FloatType};
use serde_json::Value;

use crate::HubError;

/// A file of weights in the safetensors format: the length of a header in eight bytes, the header in JSON, and the numbers.
/// (<https://github.com/huggingface/safetensors>)
#[derive(Debug)]
pub(super) struct Safetensors {
    file: BufReader<File>,
    /// Where the numbers begin.
    start: u64,
    /// The tensors by name.
    pub(super) tensors: IndexMap<String, Place>,
}

/// Where a tensor's numbers are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The type as the file names it.
    dtype: String,
    pub(super) shape: Vec<usize>,
    /// First byte of the numbers, and the one behind the last, counted from the end of the header.
    from: u64,
    to: u64,
}

/// The library's own limit of a header.
const MAX_HEADER: u64 = 100_000_000;

const AGAIN: &str = "the file is damaged or incomplete; get it again";

impl Safetensors {
    /// Reads the header.
    pub(super) fn open(path: &Path) -> Result<Safetensors, HubError> {
        let mut file = ner_files::open(path)?;
        let n_bytes = file.get_ref().metadata().map_err(FileError::io(path))?.len();
        let mut length = [0; 8];
        let short = |found: u64| HubError::content(format!("{found} bytes"), "a header and numbers", AGAIN);
        file.read_exact(&mut length).map_err(|_| short(n_bytes))?;
        let length = u64::from_le_bytes(length);
        if length > MAX_HEADER || length > n_bytes - 8 {
            return Err(short(n_bytes));
        }
        let mut header = vec![0; length as usize];
        file.read_exact(&mut header).map_err(FileError::io(path))?;
        let start = 8 + length;
        Ok(Safetensors { file, start, tensors: read_header(&header, n_bytes - start)? })
    }

    /// The tensor at a place, as 32-bit numbers; the name is for errors.
    pub(super) fn read(&mut self, name: &str, place: &Place, path: &Path) -> Result<Array, HubError> {
        let number = match &*place.dtype {
            "F32" => FloatType::F32,
            "F16" => FloatType::F16,
            "BF16" => FloatType::BF16,
            other => {
                return Err(HubError::content(
                    format!("weight {name} of type {other}"),
                    "F32, F16 or BF16",
                    "get the encoder with such weights, or save it with 32-bit ones",
                ));
            }
        };
        let n_bytes = place.to - place.from;
        let n_numbers = place.shape.iter().try_fold(1_u64, |product, &axis| product.checked_mul(axis as u64));
        if n_numbers.and_then(|n| n.checked_mul(number.n_bytes() as u64)) != Some(n_bytes) {
            let found = format!("weight {name} of shape {:?} in {n_bytes} bytes", place.shape);
            return Err(HubError::content(found, "as many bytes as its numbers need", AGAIN));
        }
        // The header was compared with the size of the file, so this is no more than the file has.
        let mut bytes = vec![0; n_bytes as usize];
        self.file.seek(SeekFrom::Start(self.start + place.from)).map_err(FileError::io(path))?;
        self.file.read_exact(&mut bytes).map_err(FileError::io(path))?;
        Ok(Array::new(place.shape.clone(), number.widened(&bytes))?)
    }
}

fn read_header(header: &[u8], n_bytes: u64) -> Result<IndexMap<String, Place>, HubError> {
    let wrong = |found: String| HubError::content(found, "a header of tensors in JSON", AGAIN);
    let header: IndexMap<String, Value> =
        serde_json::from_slice(header).map_err(|error| wrong(error.to_string()))?;
    let tensors = header.into_iter().filter(|(name, _)| name != "__metadata__");
    let tensors = tensors.map(|(name, value)| {
        let place = place(&value).ok_or_else(|| wrong(format!("tensor {name} as {value}")))?;
        if place.from > place.to || place.to > n_bytes {
            let found = format!("tensor {name} at bytes {} to {} of {n_bytes}", place.from, place.to);
            return Err(HubError::content(found, "all numbers within the file", AGAIN));
        }
        Ok((name, place))
    });
    tensors.collect()
}

fn place(value: &Value) -> Option<Place> {
    let numbers =
        |key: &str| value.get(key)?.as_array()?.iter().map(Value::as_u64).collect::<Option<Vec<_>>>();
    let [from, to] = numbers("data_offsets")?.try_into().ok()?;
    let shape = numbers("shape")?.into_iter().map(|axis| usize::try_from(axis).ok());
    Some(Place {
        dtype: value.get("dtype")?.as_str()?.to_owned(),
        shape: shape.collect::<Option<_>>()?,
        from,
        to,
    })
}

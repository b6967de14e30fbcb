//! The weights of a PyTorch network, as `torch.save` writes them: a ZIP archive of a pickle and of plain numbers.
//!
//! A pickle is a program. The few instructions that make a dictionary of tensors are followed here; anything else is
//! refused, and nothing of it is ever executed.

mod pickle;
mod tensor_storage;
mod unpickle;

use std::io::{Cursor, Read, Write};

use indexmap::IndexMap;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use self::tensor_storage::Storages;
use self::unpickle::Unpickled;
use crate::msgpack::Reader;
use crate::{Array, ThincError};

/// The folder that PyTorch gives archives which it does not write to a named file.
const FOLDER: &str = "archive";
/// How many tensors may share their numbers, on average.
const MAX_SHARING: usize = 8;
/// The version of the archive that all readers since PyTorch 1.6 understand.
const VERSION: &[u8] = b"3\n";

/// The tensors of a PyTorch network by their names: its state dictionary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TorchState {
    /// In the order of their declaration.
    pub tensors: IndexMap<String, Array>,
}

impl TorchState {
    /// Reads what a layer that wraps a PyTorch network keeps beside its parameters (a *shim*).
    ///
    /// # Errors
    /// If the bytes are no such state, if its archive is damaged, compressed or of before PyTorch 1.6, or if its pickle
    /// does anything but make a dictionary of 32-bit tensors.
    pub fn from_shim(bytes: &[u8]) -> Result<TorchState, ThincError> {
        let mut reader = Reader::new(bytes);
        let mut state = None;
        for _ in 0..reader.map_len()? {
            match reader.text()? {
                "state" => state = Some(reader.bytes()?),
                // Free settings of the wrapper; for an LSTM there are none (thinc/shims/shim.py).
                "config" => reader.skip()?,
                key => return Err(reader.malformed("config or state".to_owned(), key.to_owned())),
            }
        }
        let state = state.ok_or_else(|| reader.malformed("a state".to_owned(), "none".to_owned()))?;
        TorchState::from_archive(state)
    }

    /// Reads what `torch.save(module.state_dict())` wrote.
    pub fn from_archive(bytes: &[u8]) -> Result<TorchState, ThincError> {
        let mut archive = Archive::open(bytes)?;
        // Older versions of PyTorch write no such file, and little-endian numbers on any common machine.
        if archive.read("byteorder").is_ok_and(|order| order != b"little") {
            return Err(ThincError::torch("expected numbers of little-endian order".to_owned()));
        }
        let program = archive.read("data.pkl")?;
        let Unpickled { tensors } = unpickle::run(&program)?;
        let mut storages = Storages::default();
        let mut arrays = IndexMap::new();
        let mut n_numbers = 0_usize;
        for (name, tensor) in tensors {
            let key = tensor.storage.clone();
            n_numbers = n_numbers.saturating_add(tensor.len().unwrap_or(usize::MAX));
            // Tied weights are views of one list, so the tensors may add up to more than the archive holds;
            // but a list of a few kilobytes under a million names must not fill the memory.
            if n_numbers > MAX_SHARING * bytes.len() / size_of::<f32>() {
                return Err(ThincError::torch(format!(
                    "tensor {name}: the tensors have more numbers than the archive"
                )));
            }
            let array = storages
                .get(&key, || archive.read(&format!("data/{key}")))
                .and_then(|numbers| tensor.read(numbers))
                .map_err(|error| ThincError::torch(format!("tensor {name}: {error}")))?;
            arrays.insert(name, array);
        }
        Ok(TorchState { tensors: arrays })
    }

    /// The bytes that a layer keeps beside its parameters.
    pub fn to_shim(&self) -> Vec<u8> {
        let state = self.to_archive();
        let mut shim = Vec::with_capacity(state.len() + 32);
        let value = rmpv::Value::Map(vec![
            ("config".into(), rmpv::Value::Map(Vec::new())),
            ("state".into(), rmpv::Value::Binary(state)),
        ]);
        rmpv::encode::write_value(&mut shim, &value).expect("a vector takes every byte");
        shim
    }

    /// What `torch.save(module.state_dict())` writes, as far as `torch.load` needs it.
    pub fn to_archive(&self) -> Vec<u8> {
        let mut files = vec![("data.pkl".to_owned(), pickle::write(&self.tensors))];
        files.push(("byteorder".to_owned(), b"little".to_vec()));
        for (index, array) in self.tensors.values().enumerate() {
            let bytes = array.data().iter().flat_map(|number| number.to_le_bytes()).collect();
            files.push((format!("data/{index}"), bytes));
        }
        files.push(("version".to_owned(), VERSION.to_vec()));
        write_archive(&files).expect("a vector takes every byte")
    }
}

fn write_archive(files: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // As PyTorch does. The fixed time makes equal weights equal files.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        archive.start_file(format!("{FOLDER}/{name}"), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The files of an archive. None of them is compressed, so they are no larger than the archive.
struct Archive<'a> {
    files: ZipArchive<Cursor<&'a [u8]>>,
    folder: String,
    /// Bytes that may still be read: entries that overlap give no more than the archive has.
    n_left: usize,
}

impl Archive<'_> {
    fn open(bytes: &[u8]) -> Result<Archive<'_>, ThincError> {
        let files = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            ThincError::torch(format!("expected a ZIP archive as PyTorch 1.6 and later write it ({error})"))
        })?;
        // The folder is called after the file that was saved to, so only its content tells which one it is.
        let names = files.file_names().filter_map(Result::ok);
        let folder = names.filter_map(|name| name.strip_suffix("data.pkl").map(str::to_owned)).next();
        let folder =
            folder.ok_or_else(|| ThincError::torch("expected a file data.pkl in the archive".to_owned()))?;
        Ok(Archive { files, folder, n_left: bytes.len() })
    }

    fn read(&mut self, name: &str) -> Result<Vec<u8>, ThincError> {
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
        let mut bytes = Vec::new();
        (&mut file)
            // One byte beyond the limit shows that it was passed, without reading on.
            .take(self.n_left as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| ThincError::torch(format!("{path} in the archive cannot be read: {error}")))?;
        let n_left = self.n_left.checked_sub(bytes.len());
        self.n_left = n_left.ok_or_else(|| ThincError::torch("files in the archive overlap".to_owned()))?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> TorchState {
        let array = |shape: &[usize], first: f32| {
            let n = shape.iter().product();
            Array::new(shape.to_vec(), (0..n).map(|index| first + index as f32).collect()).unwrap()
        };
        let tensors = [("weight_ih_l0", array(&[4, 3], 0.5)), ("bias_ih_l0", array(&[300], -1.0))];
        TorchState { tensors: tensors.map(|(name, array)| (name.to_owned(), array)).into_iter().collect() }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(TorchState::from_shim(&state().to_shim()).unwrap(), state());
        assert_eq!(
            TorchState::from_archive(&TorchState::default().to_archive()).unwrap(),
            TorchState::default()
        );
    }

    #[test]
    fn a_config_is_skipped_however_deep_it_is() {
        let mut shim =
            [&[0x82, 0xa6][..], b"config", &[0x91; 100_000], &[0xc0, 0xa5], b"state", &[0xc6]].concat();
        let archive = state().to_archive();
        shim.extend((archive.len() as u32).to_be_bytes());
        shim.extend(archive);
        assert_eq!(TorchState::from_shim(&shim).unwrap(), state());
    }

    #[test]
    fn damaged_archives_are_refused() {
        let bytes = state().to_archive();
        for end in (0..bytes.len()).step_by(7) {
            assert!(TorchState::from_archive(&bytes[..end]).is_err(), "cut at {end}");
        }
        for place in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[place] ^= 0x41;
            // A changed time stamp harms nobody; all that counts is that nothing panics.
            if let Ok(read) = TorchState::from_archive(&bytes) {
                assert_eq!(read.tensors.len(), 2, "changed at {place}");
            }
        }
    }

    #[test]
    fn small_files_make_nothing_large() {
        let refused = |state: &[u8], program: Vec<u8>| {
            let files = [("data.pkl".to_owned(), program), ("data/0".to_owned(), state.to_vec())];
            TorchState::from_archive(&write_archive(&files).unwrap()).unwrap_err().to_string()
        };
        let nested = [vec![b')'], vec![0x85; 1 << 20]].concat();
        assert!(refused(&[], nested).contains("tuples in tuples"));
        // One tensor of a thousand numbers under a thousand names.
        let tensors = [("a".to_owned(), Array::new(vec![1000], vec![0.0; 1000]).unwrap())];
        let mut program = pickle::write(&tensors.into_iter().collect());
        program.truncate(program.len() - 2);
        program.extend(b"q\x00");
        for name in 0..1000 {
            program.extend(format!("X\x04\x00\x00\x00{name:04}h\x00").bytes());
        }
        program.extend(b"u.");
        assert!(refused(&[0; 4000], program).contains("more numbers than the archive"));
    }

    #[test]
    fn programs_are_not_executed() {
        // `os.system("true")`, as an attacker pickles it.
        let program = b"\x80\x02cos\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03.".to_vec();
        let archive = write_archive(&[("data.pkl".to_owned(), program)]).unwrap();
        let error = TorchState::from_archive(&archive).unwrap_err().to_string();
        assert!(error.contains("os.system"), "{error}");
    }
}

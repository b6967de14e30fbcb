use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};

use indexmap::IndexMap;

use super::archive::{self, Archive};
use super::shim_settings::ShimSettings;
use super::unpickle::{self, Unpickled};
use crate::msgpack::Reader;
use crate::{Array, ThincError};

/// How many tensors may share their numbers, on average.
const MAX_SHARING: u64 = 8;

/// The tensors of a PyTorch network by their names: its state dictionary. Tensors of 64-bit integers, which count positions
/// and are no weights, are left out.
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
    /// does anything but make a dictionary of tensors.
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
        TorchState::read(Cursor::new(bytes))
    }

    /// The same from a file, of which one tensor at a time is in memory.
    pub fn read(file: impl Read + Seek) -> Result<TorchState, ThincError> {
        let mut archive = Archive::open(file)?;
        // Older versions of PyTorch write no such file, and little-endian numbers on any common machine.
        if archive.read("byteorder").is_ok_and(|order| order != b"little") {
            return Err(ThincError::torch("expected numbers of little-endian order".to_owned()));
        }
        let program = archive.read("data.pkl")?;
        let Unpickled { tensors } = unpickle::run(&program)?;
        // Tied weights are views of one list, which stays until the last of them is read.
        let mut n_views: HashMap<String, usize> = HashMap::new();
        for (_, tensor) in &tensors {
            *n_views.entry(tensor.storage.clone()).or_default() += 1;
        }
        let mut shared: HashMap<String, Vec<u8>> = HashMap::new();
        let mut arrays = IndexMap::new();
        let mut n_numbers = 0_u64;
        for (name, tensor) in tensors {
            let in_tensor = |error: ThincError| ThincError::torch(format!("tensor {name}: {error}"));
            n_numbers = n_numbers.saturating_add(tensor.len().map_or(u64::MAX, |len| len as u64));
            // The tensors may add up to more than the archive holds; but a list of a few kilobytes under a million names
            // must not fill the memory.
            if n_numbers > MAX_SHARING * archive.n_bytes() / size_of::<f32>() as u64 {
                return Err(in_tensor(ThincError::torch(
                    "the tensors have more numbers than the archive".to_owned(),
                )));
            }
            let list = match shared.remove(&tensor.storage) {
                Some(list) => list,
                None => archive.read(&format!("data/{}", tensor.storage)).map_err(in_tensor)?,
            };
            let array = tensor.read(&list).map_err(in_tensor)?;
            let left = n_views.entry(tensor.storage.clone()).or_default();
            *left -= 1;
            if *left > 0 {
                shared.insert(tensor.storage, list);
            }
            arrays.insert(name, array);
        }
        Ok(TorchState { tensors: arrays })
    }

    /// The bytes that a layer keeps beside its parameters.
    pub fn to_shim(&self) -> Vec<u8> {
        let mut settings = ShimSettings::default();
        settings.values.insert("config".to_owned(), rmpv::Value::Map(Vec::new()));
        let shapes = self.tensors.iter().map(|(name, array)| (name.as_str(), array.shape()));
        settings.to_shim(&shapes.collect::<Vec<_>>(), |index| self.tensors[index].clone())
    }

    /// What `torch.save(module.state_dict())` writes, as far as `torch.load` needs it.
    pub fn to_archive(&self) -> Vec<u8> {
        let shapes: Vec<_> =
            self.tensors.iter().map(|(name, array)| (name.as_str(), array.shape())).collect();
        let mut out = Vec::with_capacity(archive::n_bytes_at_most(&shapes));
        archive::write_state(&mut out, &shapes, |index| self.tensors[index].clone());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::archive::archive_of;
    use super::super::pickle;
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
            TorchState::from_archive(&archive_of(&files)).unwrap_err().to_string()
        };
        let nested = [vec![b')'], vec![0x85; 1 << 20]].concat();
        assert!(refused(&[], nested).contains("tuples in tuples"));
        // One tensor of a thousand numbers under a thousand names.
        let mut program = pickle::write([("a", &[1000][..])]);
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
        let archive = archive_of(&[("data.pkl".to_owned(), program)]);
        let error = TorchState::from_archive(&archive).unwrap_err().to_string();
        assert!(error.contains("os.system"), "{error}");
    }
}

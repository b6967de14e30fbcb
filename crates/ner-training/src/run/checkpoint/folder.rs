use std::collections::BTreeMap;
use std::path::PathBuf;

use ner_files::{FileMap, replace_directory};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::arrays::{arrays, tensors};
use crate::TrainingError;

/// The files of a checkpoint, which are replaced together, and of each its size and checksum.
#[derive(Debug)]
pub(crate) struct CheckedFolder {
    path: PathBuf,
    files: FileMap,
}

/// The sizes and checksums of all other files.
const SUMS: &str = "checksums.json";

/// The version of the files; those of another version are refused.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sums {
    version: u32,
    files: BTreeMap<String, Sum>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sum {
    bytes: usize,
    crc32: u32,
}

impl Sum {
    fn of(bytes: &[u8]) -> Sum {
        Sum { bytes: bytes.len(), crc32: crc32fast::hash(bytes) }
    }
}

impl CheckedFolder {
    /// An empty one, to be written to `path`.
    pub(crate) fn new(path: PathBuf) -> CheckedFolder {
        CheckedFolder { path, files: FileMap::new() }
    }

    /// Puts a file in.
    pub(crate) fn put(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(name.into(), bytes);
    }

    /// Puts a value in, as JSON.
    pub(crate) fn put_json(&mut self, name: &str, value: &impl Serialize) {
        self.put(name, serde_json::to_vec(value).expect("its maps have keys of text"));
    }

    /// Puts arrays in, as safetensors.
    pub(crate) fn put_arrays(&mut self, name: &str, values: &BTreeMap<String, Vec<f32>>) {
        self.put(name, tensors(values));
    }

    /// Replaces the folder that is there.
    pub(crate) fn write(mut self) -> Result<(), TrainingError> {
        let files = self.files.iter().map(|(name, bytes)| (name.clone(), Sum::of(bytes))).collect();
        let sums = Sums { version: VERSION, files };
        self.put(SUMS, serde_json::to_vec_pretty(&sums).expect("its maps have keys of text"));
        replace_directory(&self.path, |new| {
            self.files.iter().try_for_each(|(name, bytes)| Ok(new.write(name, bytes)?))
        })
    }

    /// Reads all files; `None` if there is no such folder.
    ///
    /// # Errors
    /// If a file is missing, cut short, changed, or of another version.
    pub(crate) fn open(path: PathBuf) -> Result<Option<CheckedFolder>, TrainingError> {
        if !path.exists() {
            return Ok(None);
        }
        let mut folder = CheckedFolder::new(path);
        let read = |name: &str| ner_files::read(&folder.path.join(name));
        let sums: Sums = parse(&read(SUMS)?).map_err(|problem| folder.damaged(SUMS, problem))?;
        if sums.version != VERSION {
            let problem =
                format!("it is of version {}, expected {VERSION}, which this program writes", sums.version);
            return Err(folder.damaged(SUMS, problem));
        }
        let mut files = FileMap::new();
        for (name, expected) in sums.files {
            let bytes = read(&name)?;
            check(&expected, &Sum::of(&bytes)).map_err(|problem| folder.damaged(&name, problem))?;
            files.insert(name, bytes);
        }
        folder.files = files;
        Ok(Some(folder))
    }

    /// Takes a file out.
    pub(crate) fn take(&mut self, name: &str) -> Result<Vec<u8>, TrainingError> {
        let file = self.files.remove(name);
        file.ok_or_else(|| self.damaged(name, "it is not listed in checksums.json".to_owned()))
    }

    /// Takes a value out, which is there as JSON.
    pub(crate) fn take_json<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, TrainingError> {
        let bytes = self.take(name)?;
        parse(&bytes).map_err(|problem| self.damaged(name, problem))
    }

    /// Takes arrays out, which are there as safetensors.
    pub(crate) fn take_arrays(&mut self, name: &str) -> Result<BTreeMap<String, Vec<f32>>, TrainingError> {
        let bytes = self.take(name)?;
        arrays(&bytes).map_err(|problem| self.damaged(name, problem))
    }

    /// The files that were not taken out.
    pub(crate) fn rest(self) -> FileMap {
        self.files
    }

    fn damaged(&self, name: &str, problem: String) -> TrainingError {
        TrainingError::Checkpoint { file: self.path.join(name), problem }
    }
}

fn check(expected: &Sum, found: &Sum) -> Result<(), String> {
    match found {
        _ if found == expected => Ok(()),
        Sum { bytes, .. } if *bytes != expected.bytes => {
            Err(format!("it has {bytes} bytes, expected {}: it was cut short or changed", expected.bytes))
        }
        _ => Err("it was changed, or the disk has lost some of it".to_owned()),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

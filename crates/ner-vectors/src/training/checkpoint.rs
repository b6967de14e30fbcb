use std::io::{Read, Write};
use std::path::PathBuf;

use crc32fast::Hasher;
use ner_files::{FileError, replace_directory};
use serde::{Deserialize, Serialize};

use super::{Place, Training};
use crate::step::Matrix;
use crate::{Settings, VectorsError};

/// The settings, the place of the run, and the checksums of the other files.
const RUN: &str = "run.json";
/// The weights: 32-bit floats, the lowest byte first, as they lie in memory.
const INPUT: &str = "input";
const OUTPUT: &str = "output";

/// The version of the files; those of another version are refused.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedRun {
    version: u32,
    settings: Settings,
    place: Place,
    /// The CRC-32 of [`INPUT`] and [`OUTPUT`].
    checksums: [u32; 2],
}

impl Training<'_> {
    /// Replaces the checkpoint beside the text.
    ///
    /// # Errors
    /// If it cannot be written; the one before it is then still there.
    pub fn save(&self) -> Result<(), VectorsError> {
        replace_directory(&self.text.weights_folder(), |new| {
            let mut checksums = [0; 2];
            let files = [(INPUT, &self.weights.input), (OUTPUT, &self.weights.output)];
            for ((name, matrix), checksum) in files.into_iter().zip(&mut checksums) {
                new.write_with(name, |file| {
                    let mut hasher = Hasher::new();
                    for bytes in parts(matrix).map(bytes_of) {
                        hasher.update(&bytes);
                        file.write_all(&bytes)?;
                    }
                    *checksum = hasher.finalize();
                    Ok(())
                })?;
            }
            let run =
                SavedRun { version: VERSION, settings: self.settings.clone(), place: self.place, checksums };
            let json = serde_json::to_vec_pretty(&run).expect("it has no maps but those of names");
            Ok(new.write(RUN, &json)?)
        })
    }

    /// Takes over the checkpoint beside the text; false if there is none.
    ///
    /// # Errors
    /// If it is damaged, or of a run with other settings.
    pub fn resume(&mut self) -> Result<bool, VectorsError> {
        let folder = self.text.weights_folder();
        if !folder.exists() {
            return Ok(false);
        }
        let path = folder.join(RUN);
        let run: SavedRun = serde_json::from_slice(&ner_files::read(&path)?)
            .map_err(|error| damaged(path.clone(), error.to_string()))?;
        if run.version != VERSION {
            let problem = format!("it is of version {}, expected {VERSION}", run.version);
            return Err(damaged(path, problem));
        }
        if let Some(problem) = run.settings.difference(&self.settings) {
            return Err(VectorsError::Other { path: folder, problem });
        }
        let matrices = [(INPUT, &mut self.weights.input), (OUTPUT, &mut self.weights.output)];
        for ((name, matrix), checksum) in matrices.into_iter().zip(run.checksums) {
            read(folder.join(name), matrix, checksum)?;
        }
        self.place = run.place;
        Ok(true)
    }
}

fn damaged(path: PathBuf, problem: String) -> VectorsError {
    VectorsError::Damaged { path, problem }
}

/// Numbers that are written or read at a time: weights may have gigabytes.
const PART: usize = 1 << 14;

fn parts(matrix: &Matrix) -> impl Iterator<Item = &[f32]> {
    matrix.shards.iter().flat_map(|shard| shard.chunks(PART))
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn read(path: PathBuf, matrix: &mut Matrix, checksum: u32) -> Result<(), VectorsError> {
    let mut file = ner_files::open(&path)?;
    let n_expected = parts(matrix).map(|part| 4 * part.len() as u64).sum::<u64>();
    let n_found = std::fs::metadata(&path).map_err(FileError::io(&path))?.len();
    if n_found != n_expected {
        return Err(damaged(path, format!("it has {n_found} bytes, expected {n_expected}")));
    }
    let (mut hasher, mut bytes) = (Hasher::new(), Vec::new());
    for part in matrix.shards.iter_mut().flat_map(|shard| shard.chunks_mut(PART)) {
        bytes.resize(4 * part.len(), 0);
        file.read_exact(&mut bytes).map_err(FileError::io(&path))?;
        hasher.update(&bytes);
        for (value, &bytes) in part.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *value = f32::from_le_bytes(bytes);
        }
    }
    match hasher.finalize() == checksum {
        true => Ok(()),
        false => Err(damaged(path, "it was changed, or the disk has lost some of it".to_owned())),
    }
}

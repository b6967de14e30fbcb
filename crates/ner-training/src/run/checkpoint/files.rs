use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ner_files::{FileMap, replace_directory};
use ner_pipeline::PipelineFiles;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use super::SavedRun;
use crate::TrainingError;

/// The directory within the output of a run.
const NAME: &str = "checkpoint";
/// All of [`SavedRun`] but the arrays of the optimiser.
const RUN: &str = "run.json";
/// The arrays of the optimiser, of 32-bit floats, little-endian on any machine.
const ARRAYS: &str = "optimizer.safetensors";
/// The pipeline with the weights of the last step, not averaged.
const PIPELINE: &str = "pipeline/";
/// What rehearsals teach, as it was when the run began.
const TUTOR: &str = "tutor/";
/// The sizes and checksums of all other files.
const SUMS: &str = "checksums.json";

/// The version of the files; those of another version are refused.
const VERSION: u32 = 1;

/// A run between two steps, as it lies on the disk.
///
/// | file | holds |
/// |---|---|
/// | `run.json` | the place of the run, its history, both generators, and all numbers of the optimiser but its arrays |
/// | `optimizer.safetensors` | moments and averages, a tensor for each weight |
/// | `pipeline/` | the pipeline, as `model-last` holds it, but with the weights of the step themselves |
/// | `tutor/` | the sourced components as they were, if the run rehearses |
/// | `checksums.json` | the version of the format, and the CRC-32 and size of each file |
#[derive(Debug)]
pub struct Checkpoint {
    /// The files of the pipeline.
    pub pipeline: PipelineFiles,
    /// The state of the run.
    pub run: SavedRun,
    /// The files of the tutor that the run rehearses from, if it does.
    pub tutor: Option<FileMap>,
}

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

impl Checkpoint {
    /// The directory of the checkpoint of a run that writes to `output`.
    pub fn path(output: &Path) -> PathBuf {
        output.join(NAME)
    }

    /// Replaces the checkpoint in `output`.
    pub(in crate::run) fn write(
        output: &Path,
        pipeline: FileMap,
        tutor: FileMap,
        mut run: SavedRun,
    ) -> Result<(), TrainingError> {
        let arrays = std::mem::take(&mut run.optimizer_mut().arrays);
        let mut files: FileMap = put(PIPELINE, pipeline).chain(put(TUTOR, tutor)).collect();
        files.insert(RUN.to_owned(), serde_json::to_vec(&run).expect("its maps have keys of text"));
        files.insert(ARRAYS.to_owned(), tensors(&arrays));
        let sums = files.iter().map(|(name, bytes)| (name.clone(), Sum::of(bytes))).collect();
        let sums = Sums { version: VERSION, files: sums };
        files.insert(SUMS.to_owned(), serde_json::to_vec_pretty(&sums).expect("its maps have keys of text"));
        replace_directory(&Checkpoint::path(output), |new| {
            files.iter().try_for_each(|(name, bytes)| Ok(new.write(name, bytes)?))
        })
    }

    /// Reads the checkpoint in `output`; `None` if there is none.
    ///
    /// # Errors
    /// If a file is missing, cut short, changed, or of another version.
    pub fn open(output: &Path) -> Result<Option<Checkpoint>, TrainingError> {
        let path = Checkpoint::path(output);
        if !path.exists() {
            return Ok(None);
        }
        let damaged =
            |name: &str, problem: String| TrainingError::Checkpoint { file: path.join(name), problem };
        let read = |name: &str| ner_files::read(&path.join(name));
        let sums: Sums = parse(&read(SUMS)?).map_err(|problem| damaged(SUMS, problem))?;
        if sums.version != VERSION {
            let problem =
                format!("it is of version {}, expected {VERSION}, which this program writes", sums.version);
            return Err(damaged(SUMS, problem));
        }
        let mut files = FileMap::new();
        for (name, expected) in sums.files {
            let bytes = read(&name)?;
            check(&expected, &Sum::of(&bytes)).map_err(|problem| damaged(&name, problem))?;
            files.insert(name, bytes);
        }
        let mut take = |name: &str| {
            files.remove(name).ok_or_else(|| damaged(name, "it is not listed in checksums.json".to_owned()))
        };
        let mut run: SavedRun = parse(&take(RUN)?).map_err(|problem| damaged(RUN, problem))?;
        run.optimizer_mut().arrays = arrays(&take(ARRAYS)?).map_err(|problem| damaged(ARRAYS, problem))?;
        let pipeline = PipelineFiles::in_memory(&path.join(PIPELINE), within(PIPELINE, &files))?;
        let tutor = Some(within(TUTOR, &files)).filter(|tutor| !tutor.is_empty());
        Ok(Some(Checkpoint { pipeline, run, tutor }))
    }
}

fn put(folder: &str, files: FileMap) -> impl Iterator<Item = (String, Vec<u8>)> {
    files.into_iter().map(move |(name, bytes)| (format!("{folder}{name}"), bytes))
}

fn within(folder: &str, files: &FileMap) -> FileMap {
    let files = files.iter();
    files.filter_map(|(name, bytes)| Some((name.strip_prefix(folder)?.to_owned(), bytes.clone()))).collect()
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

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn tensors(arrays: &BTreeMap<String, Vec<f32>>) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = arrays.values().map(|array| little_endian(array)).collect();
    let views = arrays.iter().zip(&bytes).map(|((name, array), bytes)| {
        let view = TensorView::new(Dtype::F32, vec![array.len()], bytes);
        (name, view.expect("four bytes a number"))
    });
    safetensors::serialize(views, None).expect("the names are different")
}

fn little_endian(array: &[f32]) -> Vec<u8> {
    array.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn arrays(bytes: &[u8]) -> Result<BTreeMap<String, Vec<f32>>, String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    let arrays = tensors.iter().map(|(name, view)| {
        if view.dtype() != Dtype::F32 {
            return Err(format!("{name}: found numbers of the type {:?}, expected F32", view.dtype()));
        }
        let (chunks, _) = view.data().as_chunks::<4>();
        Ok((name.to_owned(), chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect()))
    });
    arrays.collect()
}

use std::path::{Path, PathBuf};

use ner_files::FileMap;
use ner_pipeline::PipelineFiles;

use super::{CheckedFolder, SavedRun};
use crate::TrainingError;

/// The directory within the output of a run.
const NAME: &str = "checkpoint";
/// All of [`SavedRun`] but the arrays of the optimiser.
const RUN: &str = "run.json";
/// The arrays of the optimiser, of 32-bit floats, little-endian on any machine.
const ARRAYS: &str = "optimizer.safetensors";
/// The pipeline with the weights of the last step, not averaged.
const PIPELINE: &str = "pipeline/";

/// A run between two steps, as it lies on the disk.
///
/// | file | holds |
/// |---|---|
/// | `run.json` | the place of the run, its history, both generators, and all numbers of the optimiser but its arrays |
/// | `optimizer.safetensors` | moments and averages, a tensor for each weight |
/// | `pipeline/` | the pipeline, as `model-last` holds it, but with the weights of the step themselves |
/// | `checksums.json` | the version of the format, and the CRC-32 and size of each file |
#[derive(Debug)]
pub struct Checkpoint {
    /// The files of the pipeline.
    pub pipeline: PipelineFiles,
    /// The state of the run.
    pub run: SavedRun,
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
        mut run: SavedRun,
    ) -> Result<(), TrainingError> {
        let arrays = std::mem::take(&mut run.optimizer_mut().arrays);
        let mut folder = CheckedFolder::new(Checkpoint::path(output));
        pipeline.into_iter().for_each(|(name, bytes)| folder.put(format!("{PIPELINE}{name}"), bytes));
        folder.put_json(RUN, &run);
        folder.put_arrays(ARRAYS, &arrays);
        folder.write()
    }

    /// Reads the checkpoint in `output`; `None` if there is none.
    ///
    /// # Errors
    /// If a file is missing, cut short, changed, or of another version.
    pub fn open(output: &Path) -> Result<Option<Checkpoint>, TrainingError> {
        let path = Checkpoint::path(output);
        let Some(mut folder) = CheckedFolder::open(path.clone())? else { return Ok(None) };
        let mut run: SavedRun = folder.take_json(RUN)?;
        run.optimizer_mut().arrays = folder.take_arrays(ARRAYS)?;
        let of_pipeline = folder
            .rest()
            .into_iter()
            .filter_map(|(name, bytes)| Some((name.strip_prefix(PIPELINE)?.to_owned(), bytes)));
        let pipeline = PipelineFiles::in_memory(&path.join(PIPELINE), of_pipeline.collect())?;
        Ok(Some(Checkpoint { pipeline, run }))
    }
}

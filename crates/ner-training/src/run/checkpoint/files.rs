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
/// What rehearsals teach, as it was when the run began.
const TUTOR: &str = "tutor/";

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
        let mut folder = CheckedFolder::new(Checkpoint::path(output));
        for (of, files) in [(PIPELINE, pipeline), (TUTOR, tutor)] {
            files.into_iter().for_each(|(name, bytes)| folder.put(format!("{of}{name}"), bytes));
        }
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
        let files = folder.rest();
        let pipeline = PipelineFiles::in_memory(&path.join(PIPELINE), within(PIPELINE, &files))?;
        let tutor = Some(within(TUTOR, &files)).filter(|tutor| !tutor.is_empty());
        Ok(Some(Checkpoint { pipeline, run, tutor }))
    }
}

/// The files of a folder, by their names in it.
fn within(folder: &str, files: &FileMap) -> FileMap {
    let files = files.iter();
    files.filter_map(|(name, bytes)| Some((name.strip_prefix(folder)?.to_owned(), bytes.clone()))).collect()
}

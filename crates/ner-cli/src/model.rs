use std::borrow::BorrowMut;
use std::path::Path;

use anyhow::bail;
use burn::tensor::Device;
use ner_config::Registry;
use ner_doc::Doc;
use ner_pipeline::Pipeline;
use rayon::prelude::*;

use crate::path::is_pipeline;

/// Opens a pipeline's directory.
pub(crate) fn load(path: &Path, registry: &Registry, device: &Device) -> anyhow::Result<Pipeline> {
    if !path.is_dir() {
        bail!(
            "{}: there is no such model; expected a directory that `ner train` or spaCy wrote, such as output/model-best",
            path.display()
        );
    }
    if !is_pipeline(path) {
        let inside = ["model-best", "model-last"].map(|name| path.join(name));
        let hint = inside.iter().find(|inside| is_pipeline(inside));
        let hint = hint.map_or_else(String::new, |inside| format!(", did you mean {}?", inside.display()));
        bail!("{}: no model is in this directory: config.cfg or meta.json is missing{hint}", path.display());
    }
    Ok(Pipeline::load(path, registry, device)?)
}

/// How many documents a thread predicts at once.
const BATCH_SIZE: usize = 64;

/// Runs all components on documents, on all threads.
pub(crate) fn predict<D: BorrowMut<Doc> + Send>(pipeline: &Pipeline, docs: &mut [D]) {
    docs.par_chunks_mut(BATCH_SIZE).for_each(|batch| pipeline.predict(batch));
}

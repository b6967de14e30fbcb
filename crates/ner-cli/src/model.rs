use std::path::{Path, PathBuf};

use anyhow::bail;
use ner::Device;
use ner_config::Registry;
use ner_pipeline::{LoadOptions, Pipeline, PipelineFiles};

use crate::path::is_pipeline;

/// A pipeline, and which of its components are loaded and run.
#[derive(clap::Args)]
pub(crate) struct ModelArgs {
    /// The pipeline: its directory, or a Python package of it (.whl, .tar.gz, or the folder of an installed one).
    pub(crate) model: PathBuf,
    /// Components that are not loaded, with commas between.
    #[arg(long, value_name = "COMPONENTS", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Characters that a text may have; memory grows with the longest text.
    #[arg(long, value_name = "CHARACTERS", default_value_t = Pipeline::MAX_LENGTH)]
    max_length: usize,
    #[command(flatten)]
    run: RunArgs,
}

/// Which components of a pipeline run.
#[derive(clap::Args)]
pub(crate) struct RunArgs {
    /// Components that are loaded and do not run, with commas between.
    #[arg(long, value_name = "COMPONENTS", value_delimiter = ',')]
    disable: Vec<String>,
    /// The only components that run, with commas between.
    #[arg(long, value_name = "COMPONENTS", value_delimiter = ',')]
    enable: Vec<String>,
    /// Refuse a pipeline with components that are not known here; else they are skipped with a warning.
    #[arg(long)]
    strict: bool,
}

impl ModelArgs {
    /// Opens the pipeline, to predict with it.
    pub(crate) fn load(&self, registry: &Registry, device: &Device) -> anyhow::Result<Pipeline> {
        let options = LoadOptions { only_predict: true, ..self.run.options(self.exclude.clone()) };
        let mut pipeline = Pipeline::from_files(open(&self.model)?, &options, registry, device)?;
        pipeline.set_max_length(self.max_length);
        Ok(pipeline)
    }
}

impl RunArgs {
    pub(crate) fn options(&self, exclude: Vec<String>) -> LoadOptions {
        let (disable, enable) = (self.disable.clone(), self.enable.clone());
        LoadOptions { exclude, disable, enable, strict: self.strict, only_predict: false }
    }
}

/// The files of a pipeline.
pub(crate) fn open(path: &Path) -> anyhow::Result<PipelineFiles> {
    if !path.exists() {
        bail!(
            "{}: there is no such model; expected a directory that `ner train` or spaCy wrote, such as \
             output/model-best, or a Python package of one",
            path.display()
        );
    }
    let inside = ["model-best", "model-last"].map(|name| path.join(name));
    match inside.iter().find(|inside| is_pipeline(inside)) {
        Some(inside) if !is_pipeline(path) => bail!(
            "{}: no model is in this directory: config.cfg or meta.json is missing, did you mean {}?",
            path.display(),
            inside.display()
        ),
        _ => Ok(PipelineFiles::open(path)?),
    }
}

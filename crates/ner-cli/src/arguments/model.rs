use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ner::Device;
use ner_config::Registry;
use ner_pipeline::{LoadOptions, Pipeline, PipelineFiles, Precision};

use crate::path::is_pipeline;

/// A pipeline, and which of its components are loaded and run.
#[derive(clap::Args)]
pub(crate) struct ModelArgs {
    /// The pipeline: its directory, a Python package of it (.whl, .tar.gz), or the name of one that is installed in the
    /// active Python environment or lies in a folder that the variable NER_MODELS names.
    pub(crate) model: PathBuf,
    /// Components that are not loaded, with commas between.
    #[arg(long, value_name = "COMPONENTS", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Characters that a text may have; memory grows with the longest text.
    #[arg(long, value_name = "CHARACTERS", default_value_t = Pipeline::MAX_LENGTH)]
    max_length: usize,
    /// How exactly a pretrained encoder multiplies: f32, bf16 (16 bits) or int8. Less is faster, and a few entities differ;
    /// docs/measurements.md says how many.
    #[arg(long, value_name = "PRECISION", default_value = "f32", value_parser = str::parse::<Precision>)]
    precision: Precision,
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
        pipeline.set_precision(self.precision);
        Ok(pipeline)
    }
}

impl RunArgs {
    pub(crate) fn options(&self, exclude: Vec<String>) -> LoadOptions {
        let (disable, enable) = (self.disable.clone(), self.enable.clone());
        LoadOptions { exclude, disable, enable, strict: self.strict, only_predict: false }
    }
}

/// The place of a pipeline: a path, or that of a package by its name.
pub(crate) fn find(name: &Path) -> anyhow::Result<PathBuf> {
    PipelineFiles::find(name, &package_folders()).context("there is no such model")
}

/// The files of a pipeline that [`find`] finds.
pub(crate) fn open(name: &Path) -> anyhow::Result<PipelineFiles> {
    let path = find(name)?;
    let inside = ["model-best", "model-last"].map(|name| path.join(name));
    match inside.iter().find(|inside| is_pipeline(inside)) {
        Some(inside) if !is_pipeline(&path) => bail!(
            "{}: no model is in this directory: config.cfg or meta.json is missing, did you mean {}?",
            path.display(),
            inside.display()
        ),
        _ => Ok(PipelineFiles::open(&path)?),
    }
}

/// Where a package is looked for: the folders that the variable NER_MODELS names, and `site-packages` of the Python
/// environment that is active, of venv or of conda.
pub(crate) fn package_folders() -> Vec<PathBuf> {
    let named = env::var_os("NER_MODELS").map(|folders| env::split_paths(&folders).collect::<Vec<_>>());
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(env::var_os);
    named
        .into_iter()
        .flatten()
        .filter(|folder| !folder.as_os_str().is_empty())
        .chain(active.flat_map(|environment| site_packages(Path::new(&environment))))
        .collect()
}

/// `lib/python3.12/site-packages`, or on Windows `Lib/site-packages`.
fn site_packages(environment: &Path) -> Vec<PathBuf> {
    let lib = environment.join("lib");
    let versions = ner_files::entries(&lib).unwrap_or_default();
    let folders =
        versions.into_iter().chain([environment.join("Lib")]).map(|folder| folder.join("site-packages"));
    folders.filter(|folder| folder.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn site_packages_of_any_version_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let expected = folder.path().join("lib/python3.12/site-packages");
        fs::create_dir_all(&expected).unwrap();
        fs::create_dir_all(folder.path().join("lib/other")).unwrap();
        assert_eq!(site_packages(folder.path()), [expected]);
        assert!(site_packages(&folder.path().join("none")).is_empty());
    }
}

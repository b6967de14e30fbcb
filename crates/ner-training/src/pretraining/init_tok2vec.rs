use std::path::Path;

use ner_config::{ConfigError, InitializeConfig, PretrainingConfig};
use ner_pipeline::{Pipeline, PretrainedLayer};

use crate::TrainingError;

/// Puts the weights of a pretraining, which `[initialize] init_tok2vec` names, in the place of first ones.
pub(crate) fn init_tok2vec(pipeline: &mut Pipeline) -> Result<(), TrainingError> {
    // A config without `[pretraining]` means the usual component. spaCy takes no weights then, and says nothing
    // (Language.initialize in language.py).
    let config = pipeline.config().with_pretraining().resolve()?;
    let initialize: InitializeConfig = config.section("initialize")?;
    let Some(path) = initialize.init_tok2vec else { return Ok(()) };
    if let Some(problem) = problem(Path::new(&path)) {
        let message = format!("expected a file of pretrained weights, such as model-last.bin; {problem}");
        return Err(ConfigError::Value { path: "initialize.init_tok2vec".to_owned(), message }.into());
    }
    let settings: PretrainingConfig = config.section("pretraining")?;
    let layer = PretrainedLayer::find(&settings, pipeline)?;
    layer.load(pipeline, Path::new(&path))?;
    tracing::info!(path, component = layer.component(), "loaded pretrained weights");
    Ok(())
}

fn problem(path: &Path) -> Option<String> {
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => Some(format!("{} is a directory", path.display())),
        Ok(_) => None,
        Err(_) => Some(format!("there is no file {}", path.display())),
    }
}

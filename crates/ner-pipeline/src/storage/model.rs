//! The weights of a component: its file `model`.

use ner_layers::Init;
use ner_model::{LayerTree, ModelError};
use ner_thinc::{Bytes, ModelFile};

use super::{PipelineFiles, content, damaged};
use crate::{Component, PipelineError};

/// Loads a component from its files.
pub(crate) fn load_component(
    files: &mut PipelineFiles,
    name: &str,
    component: &mut dyn Component,
    mut init: Init<'_>,
) -> Result<(), PipelineError> {
    component.check_static_vectors(name)?;
    if component.has_encoder() {
        return load_with_encoder(files, name, component, init);
    }
    // Before the weights: labels are settings, and they decide the size of the last layer.
    component.read_settings(name, files, &mut init)?;
    let mut tree = LayerTree::to_read();
    let Some(root) = component.layer(&mut tree) else { return Ok(()) };
    let path = format!("{name}/model");
    let bytes = Bytes::from(files.take(&path)?);
    let in_file = |error: ModelError| damaged(files.path(&path), &bytes, error);
    let file = ModelFile::from_bytes(&bytes).map_err(|error| in_file(error.into()))?;
    tree.load(&root, file, component.parameters_mut()).map_err(in_file)
}

/// The same for a component whose network an encoder in its model file decides.
fn load_with_encoder(
    files: &mut PipelineFiles,
    name: &str,
    component: &mut dyn Component,
    mut init: Init<'_>,
) -> Result<(), PipelineError> {
    let path = format!("{name}/model");
    refuse_directory(files, &path)?;
    let bytes = Bytes::from(files.take(&path)?);
    let place = files.path(&path);
    let in_file = |error: ModelError| damaged(place.clone(), &bytes, error);
    let file = ModelFile::from_bytes(&bytes).map_err(|error| in_file(error.into()))?;
    component.read_encoder(&file, &mut init).map_err(in_file)?;
    component.read_settings(name, files, &mut init)?;
    let mut tree = LayerTree::to_read();
    let Some(root) = component.layer(&mut tree) else { return Ok(()) };
    tree.load(&root, file, component.parameters_mut()).map_err(in_file)
}

/// Fails if the encoder is in a directory where its file should be.
fn refuse_directory(files: &PipelineFiles, path: &str) -> Result<(), PipelineError> {
    let folder = format!("{path}/");
    if files.names().all(|name| !name.starts_with(&folder)) {
        return Ok(());
    }
    let message = "found a directory, expected a file: spacy-transformers 1.0 stored encoders so; load and save the pipeline \
                   with version 1.1 or later";
    Err(content(files.path(path), message))
}

/// The file `model` of a component in pieces, the states of wrapped networks not copied; `None` if it has no network. Its
/// layers note down the dropout rate of the last training.
pub(crate) fn model_file(
    name: &str,
    component: &dyn Component,
    dropout_rate: f64,
) -> Result<Option<Vec<Bytes>>, PipelineError> {
    let mut tree = LayerTree::to_write(dropout_rate);
    let Some(root) = component.layer(&mut tree) else { return Ok(None) };
    let file = ModelFile::from_layers(&root)
        .map_err(|error| PipelineError::Model { component: name.to_owned(), source: error.into() })?;
    Ok(Some(file.to_chunks()))
}

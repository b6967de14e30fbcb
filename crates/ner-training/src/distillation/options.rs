use std::path::PathBuf;

use ner_pipeline::Pipeline;

/// What a pipeline learns from, beside the training data of its config.
#[derive(Debug)]
pub struct DistillOptions {
    /// The pipelines that teach, with the places that they come from.
    pub teachers: Vec<(PathBuf, Pipeline)>,
    /// Raw text: `.txt` files of a text a line, or files and folders of any format that is read, whose annotation is not.
    pub raw: Vec<PathBuf>,
}

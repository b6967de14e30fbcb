use crate::PipelineError;

/// The place that the files of a pipeline are written to, by their paths within it.
pub type FileSink<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<(), PipelineError>;

//! Tokeniser, token vectors and recogniser as one pipeline: predict, learn, load and save in spaCy's own format.
//!
//! This is where text and tensors meet. It prints nothing, chooses no device, and knows no corpus and no training loop.
//!
//! ```
//! use std::path::Path;
//!
//! use burn::tensor::Device;
//! use ner_config::{Document, Registry};
//! use ner_pipeline::{LoadOptions, Pipeline, PipelineFiles};
//!
//! let mut registry = Registry::new();
//! ner_model::register(&mut registry);
//! ner_pipeline::register(&mut registry);
//! let config = "[nlp]\nlang = en\npipeline = [\"sentencizer\"]\n\
//!               [components]\n[components.sentencizer]\nfactory = sentencizer\n";
//! let config = Document::from_cfg_str(config)?;
//! let pipeline = Pipeline::from_config(&config, &registry, &Device::flex())?;
//!
//! // `Pipeline::save` and `Pipeline::load` do the same with directories; `load` opens Python packages as well.
//! let files = PipelineFiles::in_memory(Path::new("copy"), pipeline.to_files()?)?;
//! let options = LoadOptions { strict: true, ..LoadOptions::default() };
//! let pipeline = Pipeline::from_files(files, &options, &registry, &Device::flex())?;
//!
//! let doc = pipeline.annotate("Ada wrote to Charles. He answered.")?;
//! assert_eq!(doc.sentences(), [0..5, 5..8]);
//! # Ok::<(), ner_pipeline::PipelineError>(())
//! ```

mod pipeline;

mod components;
mod recognizer;

mod learning;

mod assembly;
mod storage;

mod error;
mod registrations;

pub use assembly::load_options::LoadOptions;
pub use components::component::Component;
pub use components::skipped::SkippedComponent;
pub use components::tok2vec::Tok2VecComponent;
pub use error::PipelineError;
pub use learning::gradients::Gradients;
pub use learning::optimization::Optimization;
pub use learning::random::Random;
pub use learning::step::Losses;
pub use pipeline::Pipeline;
pub use recognizer::beam::EntityScore;
pub use recognizer::entity_recognizer::{EntityRecognizer, RecognizerSettings};
pub use registrations::{COPY_FROM_BASE_MODEL, register};
pub use storage::files::PipelineFiles;
pub use storage::meta::Meta;

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

mod assembly;
mod component;
mod entity_recognizer;
mod skipped_component;
mod tok2vec_component;

mod beam;
mod beam_exploration;
mod exploration;
mod gradients;
mod greedy;
mod learning;
mod random;
mod scored_states;
mod state_room;
mod training_step;

mod base_model;
mod component_files;
mod components;
mod directory;
mod files;
mod load_options;
mod meta;
mod sourced;
mod vocab_directory;

mod error;
mod factories;
mod registrations;

pub use beam::EntityScore;
pub use component::Component;
pub use entity_recognizer::{EntityRecognizer, RecognizerSettings};
pub use error::PipelineError;
pub use files::{FileMap, PipelineFiles};
pub use gradients::Gradients;
pub use learning::Learning;
pub use load_options::LoadOptions;
pub use meta::Meta;
pub use pipeline::Pipeline;
pub use random::Random;
pub use registrations::{COPY_FROM_BASE_MODEL, register};
pub use skipped_component::SkippedComponent;
pub use tok2vec_component::Tok2VecComponent;
pub use training_step::Losses;

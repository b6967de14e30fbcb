//! Tokeniser, token vectors and recogniser as one pipeline: predict, learn, load and save in spaCy's own format.
//!
//! This is where text and tensors meet. It prints nothing, chooses no device, and knows no corpus and no training loop.
//!
//! ```
//! use burn::tensor::Device;
//! use ner_config::{Document, Registry};
//! use ner_pipeline::Pipeline;
//!
//! let mut registry = Registry::new();
//! ner_model::register(&mut registry);
//! ner_pipeline::register(&mut registry);
//! let config = Document::from_cfg_str("[nlp]\nlang = en\npipeline = []\n")?;
//! let pipeline = Pipeline::from_config(&config, &registry, &Device::flex())?;
//! let doc = pipeline.annotate("Ada Lovelace wrote to Charles Babbage.")?;
//! assert_eq!(doc.len(), 7);
//! # Ok::<(), ner_pipeline::PipelineError>(())
//! ```

mod pipeline;

mod component;
mod entity_recognizer;
mod tok2vec_component;

mod beam;
mod beam_exploration;
mod exploration;
mod gradients;
mod greedy;
mod random;
mod training_step;

mod directory;
mod meta;
mod vocab_directory;

mod error;
mod factories;
mod registrations;

pub use beam::EntityScore;
pub use component::Component;
pub use entity_recognizer::{EntityRecognizer, RecognizerSettings};
pub use error::PipelineError;
pub use gradients::Gradients;
pub use meta::Meta;
pub use pipeline::Pipeline;
pub use random::Random;
pub use registrations::register;
pub use tok2vec_component::Tok2VecComponent;
pub use training_step::Losses;

//! Precision, recall and F of entities, and of tokens, as spaCy counts them.
//!
//! It counts; it neither predicts nor prints.
//!
//! ```
//! use std::sync::Arc;
//! use ner_doc::{Doc, EntIob, Entity, Example};
//! use ner_vocab::Vocab;
//! use ner_scorer::Scorer;
//!
//! let vocab = Arc::new(Vocab::new("en").unwrap());
//! let mut doc = Doc::from_words(vocab.clone(), &["Ada", "wrote"], &[true, false]);
//! let ada = Entity { start: 0, end: 1, label: vocab.strings().add("PERSON") };
//! doc.set_entities(&[ada], EntIob::Out).unwrap();
//!
//! let mut scorer = Scorer::default();
//! scorer.add(&Example::new(doc.clone(), doc)).unwrap();
//! assert_eq!(scorer.scores().ents_f, Some(1.0));
//! ```

mod counts;
mod scorer;
mod scores;

pub use counts::Counts;
pub use scorer::Scorer;
pub use scores::{Score, Scores};

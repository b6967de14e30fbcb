use std::fmt;

/// The kinds of functions that a block can name: spaCy's registries, those of its packages for
/// transformers, and one more.
///
/// This workspace registers nothing as initializers, misc or layers. They are kinds all the same, because blocks of
/// spaCy's configs name such functions: the error is then about the function, and another crate can register it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Models: `@architectures`.
    Architectures,
    /// Optimisers: `@optimizers`.
    Optimizers,
    /// From the scores of actions to the loss and its gradient: `@objectives`, which spaCy does not have.
    Objectives,
    /// Sequences of numbers: `@schedules`.
    Schedules,
    /// Ways to group examples: `@batchers`.
    Batchers,
    /// Sources of examples, labels and other data: `@readers`.
    Readers,
    /// Changes to training examples: `@augmenters`.
    Augmenters,
    /// Reports of a training run: `@loggers`.
    Loggers,
    /// Measures of predictions: `@scorers`.
    Scorers,
    /// From text to tokens: `@tokenizers`.
    Tokenizers,
    /// Initial weights: `@initializers`.
    Initializers,
    /// Steps run at fixed points: `@callbacks`.
    Callbacks,
    /// Parts of documents for a pretrained encoder: `@span_getters` of spacy-transformers.
    SpanGetters,
    /// What a pretrained encoder leaves in documents: `@annotation_setters` of spacy-transformers.
    AnnotationSetters,
    /// Weights and pieces to start from: `@model_loaders` of spacy-curated-transformers.
    ModelLoaders,
    /// Anything else: `@misc`.
    Misc,
    /// Parts of models: `@layers`.
    Layers,
    /// Word vector tables: `@vectors`.
    Vectors,
    /// Pipeline components; a block names one by `factory`, without the `@`.
    Factories,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 19] = [
        Kind::Architectures,
        Kind::Optimizers,
        Kind::Objectives,
        Kind::Schedules,
        Kind::Batchers,
        Kind::Readers,
        Kind::Augmenters,
        Kind::Loggers,
        Kind::Scorers,
        Kind::Tokenizers,
        Kind::Initializers,
        Kind::Callbacks,
        Kind::SpanGetters,
        Kind::AnnotationSetters,
        Kind::ModelLoaders,
        Kind::Misc,
        Kind::Layers,
        Kind::Vectors,
        Kind::Factories,
    ];

    /// The key that names a function of this kind in a block: `@architectures`, `factory`.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Architectures => "@architectures",
            Kind::Optimizers => "@optimizers",
            Kind::Objectives => "@objectives",
            Kind::Schedules => "@schedules",
            Kind::Batchers => "@batchers",
            Kind::Readers => "@readers",
            Kind::Augmenters => "@augmenters",
            Kind::Loggers => "@loggers",
            Kind::Scorers => "@scorers",
            Kind::Tokenizers => "@tokenizers",
            Kind::Initializers => "@initializers",
            Kind::Callbacks => "@callbacks",
            Kind::SpanGetters => "@span_getters",
            Kind::AnnotationSetters => "@annotation_setters",
            Kind::ModelLoaders => "@model_loaders",
            Kind::Misc => "@misc",
            Kind::Layers => "@layers",
            Kind::Vectors => "@vectors",
            Kind::Factories => "factory",
        }
    }

    /// The name of the registry: `architectures`, `factories`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Factories => "factories",
            kind => &kind.key()[1..],
        }
    }

    /// The kind whose key is `key`.
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

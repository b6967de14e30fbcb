use std::path::PathBuf;

use ner_config::ConfigError;
use ner_doc::DocError;
use ner_files::FileError;
use ner_model::ModelError;
use ner_optim::OptimError;
use ner_tokenizer::TokenizerError;
use ner_transitions::TransitionError;

/// Why a pipeline cannot be made, read, written, trained or run.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The config is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The annotation of an example cannot be learned from.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// The rules of the tokenizer are wrong.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// A component's model is wrong.
    #[error("component {component}: {source}")]
    Model {
        /// Name of the component.
        component: String,
        /// What is wrong.
        source: ModelError,
    },
    /// A network reads static vectors, and there are none.
    #[error(
        "component {component} reads static vectors, but the vocabulary has none: set initialize.vectors to a \
         pipeline that has some, or include_static_vectors (pretrained_vectors) to false"
    )]
    NoVectors {
        /// Name of the component.
        component: String,
    },
    /// A network cannot run on documents.
    #[error("component {component}: {message}")]
    Documents {
        /// Name of the component.
        component: String,
        /// What was expected of the documents, and what to do.
        message: String,
    },
    /// A component shares its vectors, and has no network yet.
    #[error("component {component} has no weights yet: initialize the pipeline, or load a trained one")]
    NotInitialized {
        /// Name of the component.
        component: String,
    },
    /// A component that should be a recogniser is none, or is missing.
    #[error("component {component}: expected an entity recogniser of this name in the pipeline")]
    NoRecognizer {
        /// Name of the component.
        component: String,
    },
    /// Annotation contradicts itself or its tokens.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// A function that the config has called fails.
    #[error("{key}: the callback {name:?} failed: {source}")]
    Callback {
        /// The path of its block.
        key: String,
        /// Its name.
        name: String,
        /// What it says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no pipeline of this name.
    #[error("{name:?} is no file or folder here{}", no_package(name, folders.as_deref()))]
    NotFound {
        /// A path, or the name of a package.
        name: String,
        /// The folders that were searched for a package, if it may be the name of one.
        folders: Option<Vec<PathBuf>>,
    },
    /// A component is asked to run and not to run.
    #[error(
        "component {component:?} is to be enabled and disabled; expected one of the two (nlp.disabled of the config counts as well)"
    )]
    EnabledAndDisabled {
        /// Name of the component.
        component: String,
    },
    /// Weights and gradients do not fit together.
    #[error(transparent)]
    Optim(#[from] OptimError),
    /// A file cannot be read or written.
    #[error(transparent)]
    Files(#[from] FileError),
    /// A file has the wrong content.
    #[error("{}: {message}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, and what to do.
        message: String,
    },
}

fn no_package(name: &str, folders: Option<&[PathBuf]>) -> String {
    match folders {
        None => "; give the path of a pipeline (its directory or its package), or the name of an installed package".to_owned(),
        Some([]) => "; if it is the name of a package, activate the Python environment that has it, let NER_MODELS name \
                     the folder that holds it, or give its path"
            .to_owned(),
        Some(folders) => {
            let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
            format!(
                ", and no package of this name is in {}; install it there (one of spaCy's: python -m spacy download {name}), let NER_MODELS name the \
                 folder that holds it, or give its path",
                folders.join(", ")
            )
        }
    }
}

use std::path::PathBuf;

use ner_config::ConfigError;
use ner_files::FileError;

/// Why a package cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The pipeline has no description.
    #[error("meta.json is missing")]
    NoMeta,
    /// A description is not a JSON object.
    #[error("{}: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The reader's error.
        source: serde_json::Error,
    },
    /// The pipeline's config cannot be read.
    #[error("config.cfg: {0}")]
    Config(#[from] ConfigError),
    /// The language is not one that may begin the name of a package.
    #[error("lang: expected the code of a language such as \"en\", found {found:?}")]
    Language {
        /// The language.
        found: String,
    },
    /// The name is not one of a package.
    #[error("name: expected letters A-Z and a-z, digits and _, not _ at the end, found {found:?}")]
    Name {
        /// The name, without the language.
        found: String,
    },
    /// The version is not one of a package.
    #[error("version: expected one such as 1.0.2, 2.1a3 or 1.0.dev4, found {found:?}")]
    Version {
        /// The version.
        found: String,
    },
    /// The package cannot be written to its folder.
    #[error(transparent)]
    Files(#[from] FileError),
}

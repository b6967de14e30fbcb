use std::any::Any;
use std::error::Error;

use crate::{Block, ConfigError, Kind, NumberOrBlock, Registry};

/// The context in which a registered function builds: the registry, for blocks inside, and errors that name the place.
#[derive(Debug)]
pub struct Builder<'a> {
    registry: &'a Registry,
    path: &'a str,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(registry: &'a Registry, path: &'a str) -> Builder<'a> {
        Builder { registry, path }
    }

    /// The path of the block that is being built, such as `components.ner.model`.
    pub fn path(&self) -> &str {
        self.path
    }

    /// Builds an argument that is itself a block, see [`Registry::build`].
    pub fn build<Product: Any>(&self, kind: Kind, block: &Block) -> Result<Product, ConfigError> {
        self.registry.build(kind, block)
    }

    /// Builds an argument that is a block, or makes the product of a plain number.
    pub fn build_or<Product: Any>(
        &self,
        kind: Kind,
        argument: &NumberOrBlock,
        from_number: impl FnOnce(f64) -> Product,
    ) -> Result<Product, ConfigError> {
        match argument {
            NumberOrBlock::Number(number) => Ok(from_number(*number)),
            NumberOrBlock::Block(block) => self.build(kind, block),
        }
    }

    /// The error that the value of the argument `key` is wrong.
    pub fn invalid(&self, key: &str, message: impl Into<String>) -> ConfigError {
        ConfigError::Value { path: format!("{}.{key}", self.path), message: message.into() }
    }

    /// The error that the function cannot build, because of `source`.
    pub fn failed(&self, source: impl Error + Send + Sync + 'static) -> ConfigError {
        ConfigError::Build { path: self.path.to_owned(), source: Box::new(source) }
    }
}

//! The functions that blocks name, and how they are built.

pub(crate) mod arguments;
mod block;
mod builder;
mod deserialize;
mod function;
mod kind;

use std::any::{Any, type_name};
use std::path::PathBuf;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

pub use arguments::Argument;
pub use block::{Block, NumberOrBlock};
pub use builder::Builder;
pub use function::Function;
pub use kind::Kind;

use crate::hints::nearest;
use crate::{ConfigError, Table, Value};

/// What a document may name: functions by kind and name, and Python packages.
#[derive(Debug, Default)]
pub struct Registry {
    functions: IndexMap<(Kind, String), Function>,
    /// Why functions of other programs are not here.
    lacking: IndexMap<(Kind, String), String>,
    package_folders: Vec<PathBuf>,
    encoder_folders: Vec<PathBuf>,
    encoder_caches: Vec<PathBuf>,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Registry {
        Registry::default()
    }

    /// Registers `build` as the function `name` of `kind`. `Config` holds its arguments: a strict serde struct, whose
    /// `#[serde(default = ..)]` are the defaults and whose doc comments are the help. A later registration of the
    /// same name replaces the earlier one.
    ///
    /// Floats in `Config` should be `f64`: the default of an `f32` field is written out with its rounding error.
    pub fn add<Config, Product>(
        &mut self,
        kind: Kind,
        name: &str,
        build: impl Fn(Config, &Builder) -> Result<Product, ConfigError> + Send + Sync + 'static,
    ) -> &mut Self
    where
        Config: DeserializeOwned + JsonSchema,
        Product: Any,
    {
        self.insert(Function::new(kind, name, Table::new(), build))
    }

    /// Registers the component `name`, as [`Registry::add`] does for [`Kind::Factories`], and gives the
    /// weight of each of its scores in the final score; a score with the weight `None` is neither counted nor shown.
    pub fn add_component<Config, Product>(
        &mut self,
        name: &str,
        score_weights: &[(&str, Option<f64>)],
        build: impl Fn(Config, &Builder) -> Result<Product, ConfigError> + Send + Sync + 'static,
    ) -> &mut Self
    where
        Config: DeserializeOwned + JsonSchema,
        Product: Any,
    {
        let weight = |weight: &Option<f64>| weight.map_or(Value::Null, Value::Float);
        let weights =
            score_weights.iter().map(|(score, value)| ((*score).to_owned(), weight(value))).collect();
        self.insert(Function::new(Kind::Factories, name, weights, build))
    }

    fn insert(&mut self, function: Function) -> &mut Self {
        self.functions.insert((function.kind(), function.name().to_owned()), function);
        self
    }

    /// Sets the folders in which packages lie that a document may name, such as `site-packages`; none unless this is
    /// called, so that results depend on no environment that nobody asked for.
    pub fn set_package_folders(&mut self, folders: Vec<PathBuf>) -> &mut Self {
        self.package_folders = folders;
        self
    }

    /// The folders in which packages lie that a document may name.
    pub fn package_folders(&self) -> &[PathBuf] {
        &self.package_folders
    }

    /// Sets where pretrained encoders lie that a document may name: `folders` with a folder for each, and `caches` of
    /// Hugging Face's libraries; none unless this is called.
    pub fn set_encoder_places(&mut self, folders: Vec<PathBuf>, caches: Vec<PathBuf>) -> &mut Self {
        (self.encoder_folders, self.encoder_caches) = (folders, caches);
        self
    }

    /// The folders in which pretrained encoders lie that a document may name.
    pub fn encoder_folders(&self) -> &[PathBuf] {
        &self.encoder_folders
    }

    /// The caches of Hugging Face's libraries.
    pub fn encoder_caches(&self) -> &[PathBuf] {
        &self.encoder_caches
    }

    /// Notes that other programs have a function `name` of `kind` and this one lacks it, with the reason and what to do, as
    /// a part of a sentence. A document that names it gets this in place of a list of what is known.
    pub fn lack(&mut self, kind: Kind, name: &str, reason: &str) -> &mut Self {
        self.lacking.insert((kind, name.to_owned()), reason.to_owned());
        self
    }

    /// Why the function `name` of `kind`, which other programs have, is not here.
    pub fn lacking(&self, kind: Kind, name: &str) -> Option<&str> {
        if self.get(kind, name).is_some() {
            return None;
        }
        self.lacking.get(&(kind, name.to_owned())).map(String::as_str)
    }

    /// All functions, in the order of their registration.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }

    /// The function `name` of `kind`.
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Function> {
        self.functions.get(&(kind, name.to_owned()))
    }

    /// Builds the function that `block` names, with everything below it.
    ///
    /// Fails if the block names no function of `kind`, or an unknown one; if an argument is missing, unexpected or
    /// of the wrong type; if the function builds something other than a `Product`; or if the function itself fails.
    pub fn build<Product: Any>(&self, kind: Kind, block: &Block) -> Result<Product, ConfigError> {
        let function = self.function_of(kind, block)?;
        let product = function.build(block, &Builder::new(self, block.path()))?;
        product.downcast().map(|product| *product).map_err(|_| ConfigError::WrongProduct {
            path: block.path().to_owned(),
            kind,
            function: function.name().to_owned(),
            built: function.product(),
            expected: type_name::<Product>(),
        })
    }

    /// The registered function of `kind` that `block` names.
    pub(crate) fn function_of(&self, kind: Kind, block: &Block) -> Result<&Function, ConfigError> {
        let Some(name) = block.table().get(kind.key()) else {
            let keys: Vec<String> = block.table().keys().map(|key| format!("`{key}`")).collect();
            let found = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
            return Err(ConfigError::NoFunction { path: block.path().to_owned(), kind, found });
        };
        let name = name.as_str().ok_or_else(|| ConfigError::Value {
            path: format!("{}.{}", block.path(), kind.key()),
            message: format!("expected the name of a function, found {}", name.kind()),
        })?;
        self.get(kind, name).ok_or_else(|| self.unknown(kind, name, block.path()))
    }

    fn unknown(&self, kind: Kind, name: &str, path: &str) -> ConfigError {
        if let Some(reason) = self.lacking(kind, name) {
            let (path, name, reason) = (path.to_owned(), name.to_owned(), reason.to_owned());
            return ConfigError::Lacking { path, kind, name, reason };
        }
        let functions = self.functions().filter(|function| function.kind() == kind);
        let known: Vec<String> = functions.map(|function| function.name().to_owned()).collect();
        let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        ConfigError::UnknownFunction { path: path.to_owned(), kind, name: name.to_owned(), nearest, known }
    }
}

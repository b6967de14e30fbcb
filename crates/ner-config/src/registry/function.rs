use std::any::{Any, type_name};
use std::fmt;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::arguments::{arguments, wrong_values};
use crate::hints::{did_you_mean, excerpt, nearest};
use crate::problems::Problems;
use crate::{Argument, Block, Builder, ConfigError, Kind, Table};

/// Reads the arguments alone. Not a part of [`Build`]: a config is checked as a whole before anything is built.
type Check = fn(&Block, Kind) -> Result<(), ConfigError>;
type Build = dyn Fn(&Block, &Builder<'_>) -> Result<Box<dyn Any>, ConfigError> + Send + Sync;

/// A registered function: its name, its arguments, and what it builds.
pub struct Function {
    kind: Kind,
    name: String,
    summary: Option<String>,
    arguments: Vec<Argument>,
    product: &'static str,
    score_weights: Table,
    check: Check,
    build: Box<Build>,
}

impl Function {
    pub(super) fn new<Config, Product>(
        kind: Kind,
        name: &str,
        score_weights: Table,
        build: impl Fn(Config, &Builder) -> Result<Product, ConfigError> + Send + Sync + 'static,
    ) -> Function
    where
        Config: DeserializeOwned + JsonSchema,
        Product: Any,
    {
        let (summary, arguments) = arguments::<Config>();
        Function {
            kind,
            name: name.to_owned(),
            summary,
            arguments,
            product: type_name::<Product>(),
            score_weights,
            check: |block, kind| block.read_arguments::<Config>(kind).map(drop),
            build: Box::new(move |block, builder| {
                Ok(Box::new(build(block.read_arguments(kind)?, builder)?) as Box<dyn Any>)
            }),
        }
    }

    /// The kind under which it is registered.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name by which a block refers to it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The doc comment of its config struct.
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }

    /// Its arguments in order.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// The Rust type that it builds.
    pub fn product(&self) -> &'static str {
        self.product
    }

    /// The values of the arguments that a block may leave out.
    pub(crate) fn defaults(&self) -> Table {
        let default = |argument: &Argument| Some((argument.name.clone(), argument.default.clone()?));
        self.arguments.iter().filter(|argument| argument.is_written).filter_map(default).collect()
    }

    /// The weights of a component's scores, see [`Registry::add_component`].
    pub fn score_weights(&self) -> &Table {
        &self.score_weights
    }

    /// Fails unless the arguments of `block` are complete, known and of the right types, with all that is wrong. Builds
    /// nothing.
    pub fn check(&self, block: &Block) -> Result<(), ConfigError> {
        let mut problems = Problems::default();
        problems.extend(self.unexpected(block).chain(self.missing(block)));
        let read = |table: Table| (self.check)(&Block::new(block.path(), table), self.kind);
        problems.extend(wrong_values(block.path(), block.table(), &self.arguments, read));
        problems.into_result()
    }

    /// Builds the value that a block describes. Fails as [`Function::check`] does, or if the function itself fails.
    pub(super) fn build(&self, block: &Block, builder: &Builder<'_>) -> Result<Box<dyn Any>, ConfigError> {
        self.check(block)?;
        (self.build)(block, builder)
    }

    /// Whether it has the argument `name`.
    pub(crate) fn has_argument(&self, name: &str) -> bool {
        self.arguments.iter().any(|argument| argument.name == name)
    }

    fn unexpected<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = ConfigError> + 'a {
        let names = || self.arguments.iter().map(|argument| argument.name.as_str());
        let is_known = move |key: &str| key == self.kind.key() || self.has_argument(key);
        block.table().keys().filter(move |key| !is_known(key)).map(move |key| {
            let hint = did_you_mean(nearest(key, names()));
            let known = names().collect::<Vec<_>>().join(", ");
            self.wrong(block, key, format!("unexpected argument `{}`{hint} (known: {known})", excerpt(key)))
        })
    }

    fn missing<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = ConfigError> + 'a {
        let is_missing =
            |argument: &&Argument| argument.default.is_none() && !block.table().contains_key(&argument.name);
        self.arguments.iter().filter(is_missing).map(|argument| {
            let problem = format!("missing argument `{}` ({})", argument.name, argument.expected);
            self.wrong(block, &argument.name, problem)
        })
    }

    fn wrong(&self, block: &Block, key: &str, problem: String) -> ConfigError {
        let (path, function) = (block.path().to_owned(), Some(self.name.clone()));
        ConfigError::Key { path, function, key: key.to_owned(), problem }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.kind.key(), self.name, self.product)
    }
}

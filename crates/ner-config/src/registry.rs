use crate::arguments::arguments;
use crate::error::nearest;
use crate::{Argument, Block, Builder, ConfigError, Kind, Table, Value};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::any::{Any, type_name};
use std::fmt;

type Check = fn(&Block, Kind) -> Result<(), ConfigError>;
type Build = dyn Fn(&Block, &Builder) -> Result<Box<dyn Any>, ConfigError> + Send + Sync;

/// The functions that a document may name, by kind and name.
#[derive(Debug, Default)]
pub struct Registry {
    functions: IndexMap<(Kind, String), Function>,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
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

    /// Registers the component `name`, as [`Registry::add`] does for [`Kind::Factories`], and says how much each of
    /// its scores counts in the final score; none: not at all, and it is not shown either.
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
        self.functions.insert((function.kind, function.name.clone()), function);
        self
    }

    /// All functions, in the order of their registration.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }

    /// The function `name` of `kind`.
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Function> {
        self.functions.get(&(kind, name.to_owned()))
    }

    /// Builds what `block` names, with everything below it.
    ///
    /// Fails if the block names no function of `kind`, or an unknown one; if an argument is missing, unexpected or
    /// of the wrong type; if the function builds something else than a `Product`; or if the function itself fails.
    pub fn build<Product: Any>(&self, kind: Kind, block: &Block) -> Result<Product, ConfigError> {
        let function = self.function_of(kind, block)?;
        function.check_keys(block)?;
        let product = (function.build)(block, &Builder::new(self, block.path()))?;
        product.downcast().map(|product| *product).map_err(|_| ConfigError::WrongProduct {
            path: block.path().to_owned(),
            function: function.name.clone(),
            built: function.product,
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
        let known: Vec<String> =
            self.functions().filter(|function| function.kind == kind).map(|f| f.name.clone()).collect();
        let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        ConfigError::UnknownFunction { path: path.to_owned(), kind, name: name.to_owned(), nearest, known }
    }
}

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
    fn new<Config, Product>(
        kind: Kind,
        name: &str,
        score_weights: Table,
        build: impl Fn(Config, &Builder) -> Result<Product, ConfigError> + Send + Sync + 'static,
    ) -> Self
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

    /// Where it is registered.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name by which a block calls for it.
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

    /// How much the scores of a component count, see [`Registry::add_component`].
    pub fn score_weights(&self) -> &Table {
        &self.score_weights
    }

    /// Fails unless the arguments of `block` are complete, known and of the right types. Builds nothing.
    pub fn check(&self, block: &Block) -> Result<(), ConfigError> {
        self.check_keys(block)?;
        (self.check)(block, self.kind)
    }

    fn check_keys(&self, block: &Block) -> Result<(), ConfigError> {
        let problems: Vec<String> = self.unexpected(block).chain(self.missing(block)).collect();
        if problems.is_empty() {
            return Ok(());
        }
        Err(ConfigError::Keys { place: format!("{} ({})", block.path(), self.name), problems })
    }

    fn unexpected<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = String> + 'a {
        let names = || self.arguments.iter().map(|argument| argument.name.as_str());
        let is_known = move |key: &str| key == self.kind.key() || names().any(|name| name == key);
        block.table().keys().filter(move |key| !is_known(key)).map(move |key| {
            let hint = crate::error::did_you_mean(nearest(key, names()));
            let known = names().collect::<Vec<_>>().join(", ");
            format!("unexpected argument `{key}`{hint} (known: {known})")
        })
    }

    fn missing<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = String> + 'a {
        self.arguments
            .iter()
            .filter(|argument| argument.default.is_none() && !block.table().contains_key(&argument.name))
            .map(|argument| format!("missing argument `{}` ({})", argument.name, argument.expected))
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{} {} -> {}", self.kind.key(), self.name, self.product)
    }
}

use serde::de::DeserializeOwned;

use super::interpolation::interpolate;
use super::syntax::cfg;
use super::syntax::sections::Sections;
use crate::problems::Problems;
use crate::{Block, ConfigError, Document, Table, Value, path};

/// A configuration whose variables are replaced by what they refer to: what functions are built from.
///
/// Blocks and sections are read from here alone, since an unreplaced `${paths.train}` would be taken for text. A
/// [`Document`] keeps its variables, to be changed and written.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedConfig {
    root: Table,
}

impl Document {
    /// The document with its variables replaced by what they refer to. Fails if one refers to nothing, or to itself.
    pub fn resolve(&self) -> Result<ResolvedConfig, ConfigError> {
        let mut problems = Problems::default();
        let resolved = self.resolve_with(&mut problems)?;
        problems.into_result().map_err(|error| self.locate(error))?;
        Ok(resolved)
    }

    /// The same, with null in place of each variable that refers to nothing.
    pub(crate) fn resolve_with(&self, problems: &mut Problems) -> Result<ResolvedConfig, ConfigError> {
        Ok(ResolvedConfig { root: interpolate(&Sections::from_tree(self.root())?, problems) })
    }
}

impl ResolvedConfig {
    /// Reads the text of a `.cfg` file and replaces its variables.
    ///
    /// The same as [`Document::from_cfg_str`] and then [`Document::resolve`], except for a `$` that begins no
    /// variable: here the file must write it as `$$`, as in a text that spaCy interpolates while it reads.
    pub fn from_cfg_str(text: &str) -> Result<ResolvedConfig, ConfigError> {
        let mut problems = Problems::default();
        let root = interpolate(&cfg::parse(text)?, &mut problems);
        problems.into_result()?;
        Ok(ResolvedConfig { root })
    }

    /// All top-level sections.
    pub fn root(&self) -> &Table {
        &self.root
    }

    /// The value at a dotted path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        path::find(&self.root, path)
    }

    /// Puts `value` at a dotted path, as [`Document::set`] does. Variables in it stay text.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        path::set(&mut self.root, path, value.into());
    }

    /// The section at a dotted path, as a block to build or to read. Fails if there is none.
    pub fn block(&self, path: &str) -> Result<Block, ConfigError> {
        path::section(&self.root, path).map(|table| Block::new(path, table.clone()))
    }

    /// The section at a dotted path, read as a strict struct.
    pub fn section<T: DeserializeOwned>(&self, path: &str) -> Result<T, ConfigError> {
        self.block(path)?.read()
    }
}

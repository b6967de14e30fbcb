use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::OptimError;

/// The state of an optimiser, ready to be stored: small values as JSON, numbers of each weight as arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedOptimizer {
    /// The kind of optimiser, such as `Adam`.
    pub optimizer: String,
    /// The version of what `values` and `arrays` hold.
    pub version: u32,
    /// Counts, and whatever else is small.
    pub values: Value,
    /// Arrays by name, such as `parameters.3.first`.
    pub arrays: BTreeMap<String, Vec<f32>>,
}

impl SavedOptimizer {
    /// Fails unless it is the state of this kind of optimiser, in this version.
    ///
    /// # Errors
    /// [`OptimError::State`].
    pub fn check_kind(&self, optimizer: &str, version: u32) -> Result<(), OptimError> {
        let SavedOptimizer { optimizer: found, version: found_version, .. } = self;
        if found != optimizer {
            return Err(OptimError::state("optimizer", format!("found {found:?}, expected {optimizer:?}")));
        }
        if *found_version != version {
            let problem = format!("found {found_version}, expected {version}, which this program writes");
            return Err(OptimError::state("version", problem));
        }
        Ok(())
    }

    /// The values as a struct.
    ///
    /// # Errors
    /// [`OptimError::State`], if they are others.
    pub fn read_values<Values: DeserializeOwned>(&self) -> Result<Values, OptimError> {
        Values::deserialize(&self.values).map_err(|error| OptimError::state("values", error.to_string()))
    }

    /// Takes an array out.
    ///
    /// # Errors
    /// [`OptimError::State`], if it is not there or has another length.
    pub fn take_array(&mut self, name: &str, len: usize) -> Result<Vec<f32>, OptimError> {
        match self.arrays.remove(name) {
            Some(array) if array.len() == len => Ok(array),
            Some(array) => {
                Err(OptimError::state(name, format!("found {} numbers, expected {len}", array.len())))
            }
            None => Err(OptimError::state(name, format!("missing, expected {len} numbers"))),
        }
    }

    /// Fails if arrays are left that nobody has taken.
    ///
    /// # Errors
    /// [`OptimError::State`].
    pub fn check_empty(&self) -> Result<(), OptimError> {
        match self.arrays.keys().next() {
            Some(name) => Err(OptimError::state(name, "unexpected")),
            None => Ok(()),
        }
    }
}

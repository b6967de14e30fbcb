//! What a run that resumes cannot compute again.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::deferred_steps::DeferredSteps;
use super::memory::{Memory, Moments};
use super::settings::Settings;
use crate::error::OptimError;
use crate::optimizer::ParameterKey;
use crate::saved_optimizer::SavedOptimizer;

/// To be raised when the structs below change, or the arrays beside them.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// How many values the schedule of each setting has given. The values themselves follow from the config.
    schedules: BTreeMap<String, usize>,
    /// In the order of the keys; none of a parameter that never had a gradient.
    parameters: Vec<Option<ParameterState>>,
}

/// A parameter, but for its arrays.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterState {
    n_updates: u32,
    n_weights: usize,
    has_moments: bool,
    has_averages: bool,
    deferred: Option<DeferredSteps>,
}

/// The state of an optimiser with these settings and memories.
pub(crate) fn save(
    settings: &Settings,
    memories: &HashMap<ParameterKey, Memory>,
    keys: &[ParameterKey],
) -> SavedOptimizer {
    let mut arrays = BTreeMap::new();
    let memories = keys.iter().map(|key| memories.get(key));
    let parameters =
        memories.enumerate().map(|(place, memory)| Some(save_memory(memory?, place, &mut arrays))).collect();
    let state = State { schedules: settings.places(), parameters };
    SavedOptimizer {
        optimizer: settings.algorithm.name().to_owned(),
        version: VERSION,
        values: serde_json::to_value(state).expect("its maps have keys of text, and nothing else can fail"),
        arrays,
    }
}

fn save_memory(memory: &Memory, place: usize, arrays: &mut BTreeMap<String, Vec<f32>>) -> ParameterState {
    let Memory { n_updates, n_weights, moments, averages, deferred } = memory;
    let mut add = |name, array: &[f32]| arrays.insert(array_name(place, name), array.to_vec());
    if let Some(Moments { first, second }) = moments {
        add("first", first);
        add("second", second);
    }
    if let Some(averages) = averages {
        add("averages", averages);
    }
    ParameterState {
        n_updates: *n_updates,
        n_weights: *n_weights,
        has_moments: moments.is_some(),
        has_averages: averages.is_some(),
        deferred: deferred.clone(),
    }
}

/// Advances the schedules of the settings to where they were, and returns the memories.
pub(crate) fn restore(
    settings: &mut Settings,
    keys: &[ParameterKey],
    mut saved: SavedOptimizer,
) -> Result<HashMap<ParameterKey, Memory>, OptimError> {
    saved.check_kind(settings.algorithm.name(), VERSION)?;
    let State { schedules, parameters } = saved.read_values()?;
    if parameters.len() != keys.len() {
        let problem = format!("found {}, expected {}", parameters.len(), keys.len());
        return Err(OptimError::state("parameters", problem));
    }
    let mut memories = HashMap::new();
    for (place, (key, state)) in keys.iter().zip(parameters).enumerate() {
        let Some(state) = state else { continue };
        // Averages that begin in the middle of a run would be neither those of a new run nor of the old one.
        let keeps_averages = settings.averaging.is_kept();
        if state.has_averages != keeps_averages {
            let problem = format!("found {}, expected {keeps_averages}", state.has_averages);
            return Err(OptimError::state(format!("parameters.{place}.has_averages"), problem));
        }
        memories.insert(*key, restore_memory(state, place, &mut saved)?);
    }
    saved.check_empty()?;
    settings.advance_to(&schedules)?;
    Ok(memories)
}

fn restore_memory(
    state: ParameterState,
    place: usize,
    saved: &mut SavedOptimizer,
) -> Result<Memory, OptimError> {
    let ParameterState { n_updates, n_weights, has_moments, has_averages, deferred } = state;
    if !deferred.as_ref().is_none_or(|deferred| deferred.fits(n_weights)) {
        let problem = format!("not one of a table with {n_weights} weights");
        return Err(OptimError::state(format!("parameters.{place}.deferred"), problem));
    }
    let mut take = |name| saved.take_array(&array_name(place, name), n_weights);
    let moments =
        if has_moments { Some(Moments { first: take("first")?, second: take("second")? }) } else { None };
    let averages = if has_averages { Some(take("averages")?) } else { None };
    Ok(Memory { n_updates, n_weights, moments, averages, deferred })
}

fn array_name(place: usize, name: &str) -> String {
    format!("parameters.{place}.{name}")
}

//! The states of all members in one.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::member::Member;
use crate::error::OptimError;
use crate::optimizer::ParameterKey;
use crate::saved_optimizer::SavedOptimizer;

/// The kind in a saved state.
const KIND: &str = "grouped";

/// To be raised when the structs below change.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// The member of each parameter, in the order of the keys.
    places: Vec<Option<usize>>,
    members: Vec<SavedMember>,
}

/// The state of a member, but for its arrays, which have its place before their names.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedMember {
    group: Option<String>,
    optimizer: String,
    version: u32,
    values: Value,
}

/// The state of an optimiser with these members, and the member of each parameter.
pub(crate) fn save(
    members: &[Member],
    places: &HashMap<ParameterKey, usize>,
    keys: &[ParameterKey],
) -> SavedOptimizer {
    let mut arrays = BTreeMap::new();
    let members = (0..).zip(members).map(|(place, Member { group, optimizer })| {
        let saved = optimizer.save(keys);
        let named = saved.arrays.into_iter();
        arrays.extend(named.map(|(name, array)| (format!("{}{name}", prefix(place)), array)));
        let SavedOptimizer { optimizer, version, values, .. } = saved;
        SavedMember { group: group.clone(), optimizer, version, values }
    });
    let members = members.collect();
    let places = keys.iter().map(|key| places.get(key).copied()).collect();
    SavedOptimizer {
        optimizer: KIND.to_owned(),
        version: VERSION,
        values: serde_json::to_value(State { places, members }).expect("its values are JSON already"),
        arrays,
    }
}

/// Restores the members, and returns the member of each parameter.
pub(crate) fn restore(
    members: &mut [Member],
    keys: &[ParameterKey],
    mut saved: SavedOptimizer,
) -> Result<HashMap<ParameterKey, usize>, OptimError> {
    saved.check_kind(KIND, VERSION)?;
    let State { places, members: saved_members } = saved.read_values()?;
    let groups: Vec<_> = members.iter().map(|member| &member.group).collect();
    let saved_groups: Vec<_> = saved_members.iter().map(|member| &member.group).collect();
    if groups != saved_groups {
        let problem = format!("found {}, expected {}", listed(&saved_groups), listed(&groups));
        return Err(OptimError::state("groups", problem));
    }
    let is_known = |place: &Option<usize>| place.is_none_or(|place| place < members.len());
    if places.len() != keys.len() || !places.iter().all(is_known) {
        return Err(OptimError::state("places", format!("not those of {} parameters", keys.len())));
    }
    for (place, (member, saved_member)) in members.iter_mut().zip(saved_members).enumerate() {
        let SavedMember { optimizer, version, values, .. } = saved_member;
        let arrays = take_arrays(&mut saved, &prefix(place));
        let inner = SavedOptimizer { optimizer, version, values, arrays };
        let result = member.optimizer.restore(keys, inner);
        result.map_err(|error| in_group(error, member.group.as_deref()))?;
    }
    saved.check_empty()?;
    Ok(keys.iter().zip(places).filter_map(|(key, place)| Some((*key, place?))).collect())
}

fn prefix(place: usize) -> String {
    format!("members.{place}.")
}

/// Takes the arrays of one member out.
fn take_arrays(saved: &mut SavedOptimizer, prefix: &str) -> BTreeMap<String, Vec<f32>> {
    let arrays = std::mem::take(&mut saved.arrays);
    let (own, others) = arrays.into_iter().partition(|(name, _)| name.starts_with(prefix));
    saved.arrays = others;
    let own: BTreeMap<String, Vec<f32>> = own;
    own.into_iter().map(|(name, array)| (name[prefix.len()..].to_owned(), array)).collect()
}

fn in_group(error: OptimError, group: Option<&str>) -> OptimError {
    match error {
        OptimError::State { place, problem } => {
            let member = group.map_or("default".to_owned(), |group| format!("groups.{group}"));
            OptimError::state(format!("{member}: {place}"), problem)
        }
        error => error,
    }
}

fn listed(groups: &[&Option<String>]) -> String {
    let names: Vec<&str> = groups.iter().filter_map(|group| group.as_deref()).collect();
    format!("[{}]", names.join(", "))
}

use std::collections::HashMap;

use super::member::Member;
use super::state;
use crate::error::OptimError;
use crate::optimizer::{Optimizer, ParameterKey, ParameterUpdate};
use crate::saved_optimizer::SavedOptimizer;

/// Sends each parameter to the optimiser of its group.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// The default first.
    members: Vec<Member>,
    /// The member of each parameter that was ever updated. Calls other than updates name no group, and a parameter must
    /// not change the optimiser that remembers its moments.
    places: HashMap<ParameterKey, usize>,
}

impl Grouped {
    /// Of these members, the default first.
    pub(crate) fn new(members: Vec<Member>) -> Grouped {
        Grouped { members, places: HashMap::new() }
    }

    fn place(&self, update: &ParameterUpdate<'_>) -> usize {
        let is_own = |member: &Member| member.group.as_deref() == Some(update.group);
        let known = self.places.get(&update.key).copied();
        known.or_else(|| self.members.iter().position(is_own)).unwrap_or(0)
    }

    /// The optimiser of a parameter that was ever updated.
    fn optimizer_mut(&mut self, key: ParameterKey) -> Option<&mut dyn Optimizer> {
        let place = *self.places.get(&key)?;
        Some(&mut *self.members[place].optimizer)
    }
}

impl Optimizer for Grouped {
    /// That of the default.
    fn learn_rate(&self) -> f64 {
        self.members[0].optimizer.learn_rate()
    }

    fn step_schedules(&mut self) {
        self.members.iter_mut().for_each(|member| member.optimizer.step_schedules());
    }

    fn plan(&mut self, n_steps: Option<usize>) -> Result<(), OptimError> {
        self.members.iter_mut().try_for_each(|member| member.optimizer.plan(n_steps))
    }

    fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        let mut parts: Vec<Vec<ParameterUpdate<'_>>> = self.members.iter().map(|_| Vec::new()).collect();
        let places: Vec<(ParameterKey, usize)> =
            updates.iter().map(|update| (update.key, self.place(update))).collect();
        updates.into_iter().zip(&places).for_each(|(update, (_, place))| parts[*place].push(update));
        // All members check before the first one moves a weight.
        for (member, updates) in self.members.iter().zip(&parts) {
            member.optimizer.check(updates)?;
        }
        self.places.extend(places);
        self.members
            .iter_mut()
            .zip(parts)
            .try_for_each(|(member, updates)| member.optimizer.update_all(updates))
    }

    fn scales_steps(&self) -> bool {
        self.members.iter().all(|member| member.optimizer.scales_steps())
    }

    fn apply_deferred(
        &mut self,
        key: ParameterKey,
        weights: &mut [f32],
        rows: &[u32],
    ) -> Result<(), OptimError> {
        self.optimizer_mut(key).map_or(Ok(()), |optimizer| optimizer.apply_deferred(key, weights, rows))
    }

    fn apply_all_deferred(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<(), OptimError> {
        self.optimizer_mut(key).map_or(Ok(()), |optimizer| optimizer.apply_all_deferred(key, weights))
    }

    fn keeps_averages(&self) -> bool {
        self.members.iter().any(|member| member.optimizer.keeps_averages())
    }

    fn averages(&self, key: ParameterKey) -> Option<&[f32]> {
        self.members[*self.places.get(&key)?].optimizer.averages(key)
    }

    fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        self.optimizer_mut(key).map_or(Ok(false), |optimizer| optimizer.swap_averages(key, weights))
    }

    fn check_groups(&self, components: &[&str]) -> Result<(), OptimError> {
        let groups = self.members.iter().filter_map(|member| member.group.as_deref());
        if let Some(group) = groups.into_iter().find(|group| !components.contains(group)) {
            let known = components.iter().map(|&name| name.to_owned()).collect();
            return Err(OptimError::UnknownGroup { group: group.to_owned(), known });
        }
        Ok(())
    }

    fn save(&self, keys: &[ParameterKey]) -> SavedOptimizer {
        state::save(&self.members, &self.places, keys)
    }

    fn restore(&mut self, keys: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError> {
        self.places = state::restore(&mut self.members, keys, saved)?;
        Ok(())
    }
}

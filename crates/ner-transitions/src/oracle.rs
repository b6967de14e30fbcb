use crate::{ActionId, Actions, Constraints, Gold, State};

/// A state that no valid action leads on from without cost, and the actions that led there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadEnd {
    /// The actions taken before.
    pub actions: Vec<ActionId>,
    /// The state they led to.
    pub state: State,
}

impl Actions {
    /// The actions that lead from `start` to the end of the document at no cost: at each state the one with
    /// the lowest number.
    ///
    /// spaCy: this looks one action ahead only, so where gold tags are missing it may run past a gold entity.
    pub fn oracle(
        &self,
        start: State,
        constraints: &Constraints,
        gold: &Gold,
    ) -> Result<Vec<ActionId>, Box<DeadEnd>> {
        let mut state = start;
        let mut costs = vec![0; self.len()];
        let mut actions = Vec::with_capacity(state.n_left());
        while !state.is_final() {
            self.costs(&state, constraints, gold, &mut costs);
            let Some(number) = costs.iter().position(|&cost| cost == 0) else {
                return Err(Box::new(DeadEnd { actions, state }));
            };
            let id = ActionId(number as u32);
            actions.push(id);
            state.apply(self.action(id));
        }
        Ok(actions)
    }
}

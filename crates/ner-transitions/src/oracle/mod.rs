//! The gold annotation, how far each action leads away from it, and how a model is corrected.

mod costs;
mod diagnosis;
mod gold;
mod has_gold;
mod label_smoothing;
mod log_loss;
mod objective;
mod score_distance;
mod soft_target;
mod starts;

pub use costs::INVALID;
pub use diagnosis::diagnose;
pub use gold::{Gold, NegativeSpan};
pub use has_gold::{has_gold, has_gold_within};
pub use label_smoothing::LabelSmoothing;
pub use log_loss::LogLoss;
pub use objective::Objective;
pub use score_distance::ScoreDistance;
pub use soft_target::{Advice, SoftTarget};
pub use starts::{GoldDoc, Start, Starts};

use crate::{ActionId, Actions, Constraints, State, ValidActions};

/// The costs of actions: for any state of a document, right or wrong, it finds the actions that lead to the best
/// annotation that can still be reached.
///
/// A dynamic oracle, after Goldberg and Nivre, "Training Deterministic Parsers with Non-Deterministic Oracles" (TACL 2013).
/// Unlike that of a dependency parser it is cheap: whether an action loses a gold entity shows in the gold actions of this
/// token and the next, and in the open entity.
#[derive(Copy, Clone, Debug)]
pub struct Oracle<'a> {
    /// The actions to choose from.
    pub actions: &'a Actions,
    /// The restrictions of the predicted document.
    pub constraints: &'a Constraints,
    /// The gold annotation of the same tokens.
    pub gold: &'a Gold,
}

/// A state that no valid action leaves without cost, and the actions that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadEnd {
    /// The actions taken before.
    pub actions: Vec<ActionId>,
    /// The state they led to.
    pub state: State,
}

impl Oracle<'_> {
    /// Writes the cost of each action in `state` into `costs`, one for each action: how much worse the best annotation
    /// that can be reached gets by taking it. 0 is right, [`INVALID`] is not valid.
    pub fn costs(&self, state: &State, costs: &mut [u8]) {
        let valid = ValidActions::new(state, self.constraints);
        costs::write(costs, self.actions, valid, state, self.gold);
    }

    /// The actions that lead from `start` to the end of the document at no cost: at each state the one with the lowest
    /// number.
    ///
    /// spaCy: each action is chosen by its own cost alone. So where gold tags are missing, an action that seems free may
    /// run past a gold entity (transition_system.pyx).
    pub fn sequence(&self, start: State) -> Result<Vec<ActionId>, Box<DeadEnd>> {
        let mut state = start;
        let mut costs = vec![0; self.actions.len()];
        let mut actions = Vec::with_capacity(state.n_left());
        while !state.is_final() {
            self.costs(&state, &mut costs);
            let Some(number) = costs.iter().position(|&cost| cost == 0) else {
                return Err(Box::new(DeadEnd { actions, state }));
            };
            let id = ActionId(number as u32);
            actions.push(id);
            state.apply(self.actions.action(id));
        }
        Ok(actions)
    }
}

use crate::{Action, Actions, AllowedLabels, Constraints, Gold, LabelId, Move, State, ValidActions};

/// The cost of an action that is not valid. Costs of valid actions are 0, 1 or 2.
pub const INVALID: u8 = u8::MAX;

impl Actions {
    /// Writes into `costs`, one for each action, how much worse the best reachable annotation gets by taking
    /// it: 0 for what the oracle would take, [`INVALID`] for what is not valid.
    pub fn costs(&self, state: &State, constraints: &Constraints, gold: &Gold, costs: &mut [u8]) {
        let valid = ValidActions::new(state, constraints);
        let mut row = CostRow { actions: self, costs };
        row.costs.fill(INVALID);
        row.fill_entity_starts(Move::Begin, valid.begin, begin_cost(state, gold));
        row.fill_entity_starts(Move::Unit, valid.unit, unit_cost(state, gold));
        row.set(Move::In, valid.inside, in_cost(state, gold));
        row.set(Move::Last, valid.last, last_cost(state, gold));
        row.set(Move::Unit, valid.blocked.then_some(LabelId::EMPTY), unit_cost(state, gold).usual);
        row.set(Move::Out, valid.out.then_some(LabelId::EMPTY), out_cost(state, gold));
        if !gold.negatives().is_empty() {
            row.add_negatives(state, gold);
        }
    }
}

/// A cost for all labels but the gold one, which costs nothing.
#[derive(Copy, Clone)]
struct LabelCost {
    usual: u8,
    gold: Option<LabelId>,
}

impl LabelCost {
    const FREE: LabelCost = LabelCost { usual: 0, gold: None };
    const WRONG: LabelCost = LabelCost { usual: 1, gold: None };

    fn free_only_for(label: LabelId) -> LabelCost {
        LabelCost { usual: 1, gold: Some(label) }
    }

    fn of(self, label: LabelId) -> u8 {
        if self.gold == Some(label) { 0 } else { self.usual }
    }
}

fn begin_cost(state: &State, gold: &Gold) -> LabelCost {
    match gold.action(state.next_token()) {
        None => LabelCost::FREE,
        Some(Action::Begin(label)) => LabelCost::free_only_for(label),
        Some(_) => LabelCost::WRONG,
    }
}

fn unit_cost(state: &State, gold: &Gold) -> LabelCost {
    match gold.action(state.next_token()) {
        None => LabelCost::FREE,
        Some(Action::Unit(label)) => LabelCost::free_only_for(label),
        Some(_) => LabelCost::WRONG,
    }
}

fn in_cost(state: &State, gold: &Gold) -> u8 {
    let next = gold.action(state.next_token() + 1);
    let nothing_begins_next = matches!(next, None | Some(Action::Out));
    let is_free = match gold.action(state.next_token()) {
        None | Some(Action::Begin(_) | Action::In(_)) => true,
        Some(Action::Last(_)) => nothing_begins_next && gold.is_sunk(state),
        Some(Action::Out) => nothing_begins_next,
        // spaCy: after a gold U a missing tag is not as good as O.
        Some(Action::Unit(_) | Action::Blocked) => next == Some(Action::Out),
    };
    u8::from(!is_free)
}

fn last_cost(state: &State, gold: &Gold) -> u8 {
    match gold.action(state.next_token()) {
        Some(Action::In(_)) => u8::from(!gold.is_sunk(state)),
        _ => 0,
    }
}

fn out_cost(state: &State, gold: &Gold) -> u8 {
    u8::from(matches!(gold.action(state.next_token()), Some(Action::Begin(_) | Action::Unit(_))))
}

/// The costs of one state, addressed by move and label.
struct CostRow<'a> {
    actions: &'a Actions,
    costs: &'a mut [u8],
}

impl CostRow<'_> {
    fn cost_mut(&mut self, action_move: Move, label: LabelId) -> Option<&mut u8> {
        let number = self.actions.table().number(action_move, label)?;
        Some(&mut self.costs[number as usize])
    }

    fn set(&mut self, action_move: Move, label: Option<LabelId>, value: u8) {
        if let Some(cost) = label.and_then(|label| self.cost_mut(action_move, label)) {
            *cost = value;
        }
    }

    fn fill_entity_starts(&mut self, action_move: Move, labels: AllowedLabels, cost: LabelCost) {
        match labels {
            AllowedLabels::None => {}
            AllowedLabels::One(label) => self.set(action_move, Some(label), cost.of(label)),
            AllowedLabels::All => {
                let table = self.actions.table();
                let runs = if action_move == Move::Begin { table.begin_runs() } else { table.unit_runs() };
                for run in runs {
                    self.costs[run.start as usize..run.end as usize].fill(cost.usual);
                }
                self.set(action_move, cost.gold, 0);
            }
        }
    }

    /// Actions that would complete a negative span cost one more.
    fn add_negatives(&mut self, state: &State, gold: &Gold) {
        let token_index = state.next_token();
        let starting_here = gold.negatives_from(token_index);
        if state.n_left() < 3 {
            // An entity that opens now has one possible end only: its label alone decides.
            for same_label in starting_here.chunk_by(|a, b| a.label == b.label) {
                self.add_one(Move::Begin, same_label[0].label);
            }
        }
        for span in starting_here.iter().filter(|span| span.end as usize == token_index + 1) {
            self.add_one(Move::Unit, span.label);
        }
        let open_from = state.open_entity().map_or(&[][..], |open| gold.negatives_from(open.start as usize));
        for span in open_from.iter().filter(|span| span.end as usize == token_index + 1) {
            self.add_one(Move::Last, span.label);
        }
    }

    fn add_one(&mut self, action_move: Move, label: LabelId) {
        if let Some(cost) = self.cost_mut(action_move, label).filter(|cost| **cost != INVALID) {
            *cost += 1;
        }
    }
}

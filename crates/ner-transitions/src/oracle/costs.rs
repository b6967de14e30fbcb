use super::Gold;
use crate::{Action, Actions, AllowedLabels, LabelId, Move, State, ValidActions};

/// The cost of an action that is not valid. Costs of valid actions are 0, 1 or 2.
pub const INVALID: u8 = u8::MAX;

/// Writes the cost of each action into `costs`, move by move, since a cost depends on the label in one way only: whether
/// it is the gold one.
pub(crate) fn write(costs: &mut [u8], actions: &Actions, valid: ValidActions, state: &State, gold: &Gold) {
    let mut row = CostRow { actions, costs };
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

/// The cost of a move with any label but the gold one, which is free.
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

/// An entity that opens here is right only where a gold entity of that label does, and then only if that is of several
/// tokens: `Begin` on a gold entity of one token can no longer give that one.
fn begin_cost(state: &State, gold: &Gold) -> LabelCost {
    match gold.action(state.next_token()) {
        None => LabelCost::FREE,
        Some(Action::Begin(label)) => LabelCost::free_only_for(label),
        Some(_) => LabelCost::WRONG,
    }
}

/// The same for an entity of one token.
fn unit_cost(state: &State, gold: &Gold) -> LabelCost {
    match gold.action(state.next_token()) {
        None => LabelCost::FREE,
        Some(Action::Unit(label)) => LabelCost::free_only_for(label),
        Some(_) => LabelCost::WRONG,
    }
}

/// The cost of keeping the open entity open past this token.
///
/// A gold entity that begins here is lost already, since an entity is open. So only two things can still be lost: the
/// open entity itself, if it is a gold one that ends here, and an entity that begins with the next token, which the open
/// one would have to end on or after.
fn in_cost(state: &State, gold: &Gold) -> u8 {
    let next = gold.action(state.next_token() + 1);
    let nothing_begins_next = matches!(next, None | Some(Action::Out));
    let is_free = match gold.action(state.next_token()) {
        None | Some(Action::Begin(_) | Action::In(_)) => true,
        Some(Action::Last(_)) => nothing_begins_next && gold.is_sunk(state),
        Some(Action::Out) => nothing_begins_next,
        // spaCy: here a missing tag is not as good as O (_parser_internals/ner.pyx).
        Some(Action::Unit(_) | Action::Blocked) => next == Some(Action::Out),
    };
    u8::from(!is_free)
}

/// The cost of closing the open entity: that entity, if it is a gold one that continues.
fn last_cost(state: &State, gold: &Gold) -> u8 {
    match gold.action(state.next_token()) {
        Some(Action::In(_)) => u8::from(!gold.is_sunk(state)),
        _ => 0,
    }
}

/// The cost of no entity here: the gold entity that begins, if one does. To be outside where a gold entity continues loses
/// nothing, as that entity was lost before.
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
                // After the runs, which the gold label is part of.
                self.set(action_move, cost.gold, 0);
            }
        }
    }

    /// Adds one to the cost of actions that would complete a negative span. So an action can be wrong twice, and cost 2.
    fn add_negatives(&mut self, state: &State, gold: &Gold) {
        let token_index = state.next_token();
        let starting_here = gold.negatives_from(token_index);
        if state.n_left() < 3 {
            // spaCy: an entity that opens now has one possible end, so its label alone decides, wherever the span ends
            // (_parser_internals/ner.pyx). Earlier the end is open, and so opening costs nothing.
            // Several spans of a label, with different ends, count once.
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

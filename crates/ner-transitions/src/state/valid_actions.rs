use std::ops::Range;

use ner_doc::EntIob;

use super::{Constraints, State};
use crate::{Action, ActionId, Actions, LabelId, Move};

/// The labels that a move is allowed with.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AllowedLabels {
    /// None: the move is not allowed.
    None,
    /// This one, which a preset demands.
    One(LabelId),
    /// Every label but the empty one.
    All,
}

impl AllowedLabels {
    fn allow(self, label: LabelId) -> bool {
        match self {
            AllowedLabels::None => false,
            AllowedLabels::One(one) => one == label,
            AllowedLabels::All => label != LabelId::EMPTY,
        }
    }

    fn only(self) -> Option<LabelId> {
        match self {
            AllowedLabels::One(label) => Some(label),
            AllowedLabels::None | AllowedLabels::All => None,
        }
    }

    /// The label of a preset. A blocked token has the empty one, and no entity.
    fn one(label: LabelId) -> AllowedLabels {
        label.non_empty().map_or(AllowedLabels::None, AllowedLabels::One)
    }
}

/// The actions that a state allows, move by move. It costs the same whatever the number of labels.
///
/// The rules look one token ahead: an entity is never opened or continued towards a token that it could not end before,
/// so that, as long as the labels of all presets are known, some action is always valid.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ValidActions {
    /// Labels that an entity of several tokens may open with.
    pub begin: AllowedLabels,
    /// Labels of an entity of one token.
    pub unit: AllowedLabels,
    /// The label to continue with: that of the open entity.
    pub inside: Option<LabelId>,
    /// The label to close with.
    pub last: Option<LabelId>,
    /// Whether the token is blocked.
    pub blocked: bool,
    /// Whether the token may be outside.
    pub out: bool,
}

impl ValidActions {
    /// The actions valid in `state`; none when it is final.
    pub fn new(state: &State, constraints: &Constraints) -> ValidActions {
        let token = constraints.token(state.next_token());
        let open = state.open_entity().map(|entity| entity.label);
        let is_final = state.is_final();
        ValidActions {
            begin: if open.is_some() { AllowedLabels::None } else { begin_labels(state, constraints) },
            unit: if open.is_some() || is_final {
                AllowedLabels::None
            } else {
                unit_labels(state, constraints)
            },
            inside: open.filter(|&label| may_continue(state, constraints, label)),
            last: open.filter(|_| !is_final).and_then(|label| last_label(state, constraints, label)),
            // Past the last token there are no constraints, so this is false on a final state too.
            blocked: token.iob == EntIob::Begin && token.label == LabelId::EMPTY,
            out: open.is_none() && !is_final && !matches!(token.iob, EntIob::In | EntIob::Begin),
        }
    }

    /// Whether `action` is among them.
    pub fn contains(&self, action: Action) -> bool {
        match action {
            Action::Begin(label) => self.begin.allow(label),
            Action::In(label) => self.inside == Some(label),
            Action::Last(label) => self.last == Some(label),
            Action::Unit(label) => self.unit.allow(label),
            Action::Blocked => self.blocked,
            Action::Out => self.out,
        }
    }

    /// The valid action with the highest of `scores` (one for each action); of equals the one with the lowest number.
    /// `None` when no action is valid, which presets with unknown labels can bring about.
    pub fn best(&self, actions: &Actions, scores: &[f32]) -> Option<ActionId> {
        let mut best: Option<(usize, f32)> = None;
        self.for_each_run(actions, |run| {
            for (number, &score) in run.clone().zip(&scores[run]) {
                // Runs come in no order of numbers, so a tie has to be decided by the number itself.
                let is_better = |(best_number, best_score)| {
                    score > best_score || (score == best_score && number < best_number)
                };
                if best.is_none_or(is_better) {
                    best = Some((number, score));
                }
            }
        });
        best.map(|(number, _)| ActionId(number as u32))
    }

    /// Calls `visit` with runs of numbers that together are the valid actions, each once, in no particular order.
    pub fn for_each_run(&self, actions: &Actions, mut visit: impl FnMut(Range<usize>)) {
        let table = actions.table();
        let singles = [
            (Move::In, self.inside),
            (Move::Last, self.last),
            (Move::Unit, self.blocked.then_some(LabelId::EMPTY)),
            (Move::Out, self.out.then_some(LabelId::EMPTY)),
            (Move::Begin, self.begin.only()),
            (Move::Unit, self.unit.only()),
        ];
        for (action_move, label) in singles {
            if let Some(number) = label.and_then(|label| table.number(action_move, label)) {
                visit(number as usize..number as usize + 1);
            }
        }
        for (labels, runs) in [(self.begin, table.begin_runs()), (self.unit, table.unit_runs())] {
            if labels == AllowedLabels::All {
                runs.iter().for_each(|run| visit(run.start as usize..run.end as usize));
            }
        }
    }
}

/// An entity of several tokens takes a next token that can be its second: there is one, it begins neither a preset nor
/// a sentence.
fn begin_labels(state: &State, constraints: &Constraints) -> AllowedLabels {
    if state.n_left() < 2 {
        return AllowedLabels::None;
    }
    let token = constraints.token(state.next_token());
    let next = constraints.token(state.next_token() + 1);
    match token.iob {
        EntIob::In => AllowedLabels::None,
        // A preset is kept even across a sentence start or on white space: it is not for this component to judge.
        EntIob::Begin if next.iob == EntIob::In => AllowedLabels::one(token.label),
        EntIob::Begin => AllowedLabels::None,
        _ if next.iob == EntIob::Begin || next.starts_sentence || token.is_space => AllowedLabels::None,
        _ => AllowedLabels::All,
    }
}

/// An entity of one token is what is left where a preset begins that the next token does not continue.
fn unit_labels(state: &State, constraints: &Constraints) -> AllowedLabels {
    let token = constraints.token(state.next_token());
    let next = constraints.token(state.next_token() + 1);
    if next.iob == EntIob::In {
        AllowedLabels::None
    } else if token.iob == EntIob::Begin {
        AllowedLabels::one(token.label)
    } else if token.is_space {
        AllowedLabels::None
    } else {
        AllowedLabels::All
    }
}

/// Whether the open entity may continue past this token, that is, end on the next one or later. On a token inside a preset
/// its label must be the preset's, and the preset must continue.
fn may_continue(state: &State, constraints: &Constraints, open_label: LabelId) -> bool {
    let token = constraints.token(state.next_token());
    let next = constraints.token(state.next_token() + 1);
    if state.n_left() < 2 || token.iob == EntIob::Begin || next.iob == EntIob::Begin {
        return false;
    }
    match token.iob {
        EntIob::In => next.iob == EntIob::In && token.label == open_label,
        _ => !next.starts_sentence,
    }
}

/// The label of the action that closes the entity.
///
/// spaCy: where a preset ends, the preset's label decides, even if the open entity has another one
/// (_parser_internals/ner.pyx). The entity keeps its own all the same ([`State::apply`]).
fn last_label(state: &State, constraints: &Constraints, open_label: LabelId) -> Option<LabelId> {
    let token = constraints.token(state.next_token());
    let next_continues = constraints.token(state.next_token() + 1).iob == EntIob::In;
    match token.iob {
        EntIob::In if !next_continues => token.label.non_empty(),
        _ => (!next_continues).then_some(open_label),
    }
}

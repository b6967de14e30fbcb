use std::ops::Range;

use super::{Action, ActionId, LabelId, Move};

const NO_ACTION: u32 = u32::MAX;

/// The actions by number, and the numbers by move and label.
///
/// Most states allow a move with every label or with one. So the numbers of the two moves that open an entity are kept
/// as runs too, which are scanned without looking at single actions: one run a move in a trained model, and one more
/// for each label added later.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActionTable {
    actions: Vec<Action>,
    /// By move, then by label; [`NO_ACTION`] in the gaps.
    numbers: [Vec<u32>; 6],
    begin_runs: Vec<Range<u32>>,
    unit_runs: Vec<Range<u32>>,
}

impl ActionTable {
    pub(crate) fn push(&mut self, action: Action) {
        let number = self.actions.len() as u32;
        self.actions.push(action);
        let (action_move, label) = action.parts();
        let numbers = &mut self.numbers[action_move as usize];
        let row = label.0 as usize;
        // Labels with gaps between them occur in files that name a label for some moves only.
        numbers.resize(numbers.len().max(row + 1), NO_ACTION);
        numbers[row] = number;
        match action {
            // An entity never opens with the empty label, which `add_label("")` makes an action for all the same.
            Action::Begin(label) if label != LabelId::EMPTY => extend_runs(&mut self.begin_runs, number),
            Action::Unit(_) => extend_runs(&mut self.unit_runs, number),
            _ => {}
        }
    }

    pub(crate) fn actions(&self) -> &[Action] {
        &self.actions
    }

    pub(crate) fn find(&self, action: Action) -> Option<ActionId> {
        let (action_move, label) = action.parts();
        self.number(action_move, label).map(ActionId)
    }

    pub(crate) fn number(&self, action_move: Move, label: LabelId) -> Option<u32> {
        let number = *self.numbers[action_move as usize].get(label.0 as usize)?;
        (number != NO_ACTION).then_some(number)
    }

    /// Runs of the numbers of `Begin` with any label but the empty one.
    pub(crate) fn begin_runs(&self) -> &[Range<u32>] {
        &self.begin_runs
    }

    /// Runs of the numbers of `Unit` with any label; [`Action::Blocked`] is not among them.
    pub(crate) fn unit_runs(&self) -> &[Range<u32>] {
        &self.unit_runs
    }
}

fn extend_runs(runs: &mut Vec<Range<u32>>, number: u32) {
    // Numbers only grow, so it is the last run or none.
    match runs.last_mut() {
        Some(run) if run.end == number => run.end += 1,
        _ => runs.push(number..number + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_hold_the_numbers_of_all_labels_but_the_empty_one() {
        let (a, b, late) = (LabelId(1), LabelId(2), LabelId(7));
        let mut table = ActionTable::default();
        let trained = [Action::Begin(a), Action::Begin(b), Action::Unit(b), Action::Blocked, Action::Unit(a)];
        let added = [Action::Begin(late), Action::Begin(LabelId::EMPTY), Action::Unit(late)];
        trained.into_iter().chain(added).for_each(|action| table.push(action));
        assert_eq!(table.begin_runs(), [0..2, 5..6]);
        assert_eq!(table.unit_runs(), [2..3, 4..5, 7..8]);
    }

    #[test]
    fn actions_and_numbers_are_found_by_each_other() {
        let mut table = ActionTable::default();
        table.push(Action::Out);
        table.push(Action::Last(LabelId(3)));
        assert_eq!(table.find(Action::Last(LabelId(3))), Some(ActionId(1)));
        assert_eq!(table.find(Action::Last(LabelId(2))), None);
        assert_eq!(table.find(Action::Last(LabelId::UNKNOWN)), None);
        assert_eq!(table.actions(), [Action::Out, Action::Last(LabelId(3))]);
    }
}

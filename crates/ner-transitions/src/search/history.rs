use crate::{ActionId, Actions, State};

/// A sequence of actions from the beginning of the document, as a node of a [`HistoryTree`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoryId(u32);

impl HistoryId {
    /// The history without actions.
    pub(crate) const ROOT: HistoryId = HistoryId(0);
}

#[derive(Clone, Debug)]
struct Node {
    parent: HistoryId,
    action: ActionId,
    /// Place of the state among the states scored together in its step.
    row: u32,
}

/// The histories of all hypotheses of one document, which share their beginnings. Equal histories have equal ids, so that
/// two beams over one tree can be compared.
#[derive(Clone, Debug)]
pub(crate) struct HistoryTree {
    nodes: Vec<Node>,
    /// First node of the current step.
    step_start: usize,
}

impl HistoryTree {
    pub(crate) fn new() -> HistoryTree {
        let root = Node { parent: HistoryId::ROOT, action: ActionId(0), row: 0 };
        HistoryTree { nodes: vec![root], step_start: 1 }
    }

    /// Begins a step: histories extended from here on are one action longer than those before.
    pub(crate) fn begin_step(&mut self) {
        self.step_start = self.nodes.len();
    }

    /// The history `parent` with `action` after it.
    pub(crate) fn extend(&mut self, parent: HistoryId, action: ActionId) -> HistoryId {
        // Equal histories are of equal length. A step has no more nodes than both beams are wide, so a scan will do.
        let of_step = &self.nodes[self.step_start..];
        let place = of_step.iter().position(|node| node.parent == parent && node.action == action);
        let place = place.map_or(self.nodes.len(), |place| self.step_start + place);
        if place == self.nodes.len() {
            self.nodes.push(Node { parent, action, row: 0 });
        }
        HistoryId(place as u32)
    }

    /// The row of the history's state among the states scored in its step.
    pub(crate) fn row(&self, history: HistoryId) -> usize {
        self.nodes[history.0 as usize].row as usize
    }

    pub(crate) fn set_row(&mut self, history: HistoryId, row: usize) {
        self.nodes[history.0 as usize].row = row as u32;
    }

    /// The actions of a history, the last one first, each with the row of the state it was taken from.
    pub(crate) fn actions_backwards(&self, history: HistoryId) -> impl Iterator<Item = (usize, ActionId)> {
        let mut next = history;
        std::iter::from_fn(move || {
            let node = (next != HistoryId::ROOT).then(|| &self.nodes[next.0 as usize])?;
            next = node.parent;
            Some((self.row(node.parent), node.action))
        })
    }

    /// The actions of a history.
    pub(crate) fn actions(&self, history: HistoryId) -> Vec<ActionId> {
        let mut ids: Vec<ActionId> = self.actions_backwards(history).map(|(_, id)| id).collect();
        ids.reverse();
        ids
    }

    /// The state that a history leads to.
    pub(crate) fn replay(&self, history: HistoryId, n_tokens: usize, actions: &Actions) -> State {
        let mut state = State::new(n_tokens);
        for id in self.actions(history) {
            state.apply(actions.action(id));
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, LabelFrequencies};

    #[test]
    fn equal_histories_have_equal_ids_and_lead_to_the_same_state() {
        let actions = Actions::new(&LabelFrequencies::from_counts([("A".to_owned(), 1)]));
        let id = |wanted| actions.iter().find(|&(_, action)| action == wanted).map(|(id, _)| id).unwrap();
        let (out, blocked) = (id(Action::Out), id(Action::Blocked));
        let mut tree = HistoryTree::new();
        tree.begin_step();
        let first = tree.extend(HistoryId::ROOT, blocked);
        let other = tree.extend(HistoryId::ROOT, out);
        assert!(first != other && first == tree.extend(HistoryId::ROOT, blocked));
        tree.set_row(first, 7);
        tree.begin_step();
        let second = tree.extend(first, out);
        assert_ne!(second, tree.extend(other, out));
        assert_eq!(tree.actions_backwards(second).collect::<Vec<_>>(), [(7, out), (0, blocked)]);
        let state = tree.replay(second, 3, &actions);
        assert_eq!((state.next_token(), state.entities().len()), (2, 1));
    }
}

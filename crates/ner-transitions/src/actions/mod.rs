//! The actions of a recogniser: their numbers, their labels, and the file that keeps them.

mod action;
mod action_table;
mod label_frequencies;
mod labels;
mod moves_file;

use std::collections::{BTreeSet, HashMap};

use ner_vocab::StringId;

pub use action::{Action, ActionId, LabelId, Move};
pub use label_frequencies::LabelFrequencies;

use crate::TransitionError;
use action_table::ActionTable;
use labels::Labels;

/// All actions of a recogniser, numbered as spaCy numbers them: the number is the row of the output layer.
#[derive(Clone, Debug)]
pub struct Actions {
    /// Name of the span group of the reference that holds spans known *not* to be entities.
    pub neg_key: Option<String>,
    frequencies: LabelFrequencies,
    labels: Labels,
    table: ActionTable,
}

impl Actions {
    /// Numbers the actions of `frequencies`: move by move, labels by falling frequency and then falling name; then
    /// label by label those that were added later.
    ///
    /// A model's weights are stored without names, so the order is part of the file format: it must be that of spaCy
    /// (transition_system.pyx).
    pub fn new(frequencies: &LabelFrequencies) -> Actions {
        let mut actions = Actions::without_labels();
        let mut added: Vec<(i64, &str)> = Vec::new();
        let mut added_moves: HashMap<&str, Vec<Move>> = HashMap::new();
        let mut by_move: Vec<_> = frequencies.iter().collect();
        by_move.sort_by_key(|&(action_move, _)| action_move);
        for (action_move, labels) in by_move {
            // A move without labels stays in the file.
            actions.frequencies.labels_mut(action_move);
            for (frequency, label) in
                falling(labels.iter().map(|(label, &frequency)| (frequency, label.as_str())))
            {
                if frequency < 0 {
                    added.push((frequency, label));
                    added_moves.entry(label).or_default().push(action_move);
                } else {
                    actions.insert(action_move, label, frequency);
                }
            }
        }
        for (frequency, label) in falling(added.into_iter()) {
            // spaCy: all moves of the label come here, and get this frequency, even where their own differ. So a file
            // whose label was added at several times is not read back as it was written (transition_system.pyx).
            for &action_move in &added_moves[label] {
                actions.insert(action_move, label, frequency);
            }
        }
        actions
    }

    /// The actions of a recogniser before it has seen data: none, and no labels.
    pub fn without_labels() -> Actions {
        Actions {
            neg_key: None,
            frequencies: LabelFrequencies::default(),
            labels: Labels::new(),
            table: ActionTable::default(),
        }
    }

    /// Numbers the actions anew from `frequencies` and from the labels that were added before.
    pub fn initialize(&mut self, mut frequencies: LabelFrequencies) {
        frequencies.merge_absent(&self.frequencies);
        *self = Actions { neg_key: self.neg_key.take(), ..Actions::new(&frequencies) };
    }

    /// Numbers the actions from a label file (`init labels`), in place of counting.
    ///
    /// spaCy: a label file and labels added before do not go together; there it ends in a `TypeError`.
    pub fn initialize_from_label_file(
        &mut self,
        frequencies: LabelFrequencies,
    ) -> Result<(), TransitionError> {
        if !self.frequencies.is_empty() {
            return Err(TransitionError::LabelsAddedBefore { labels: self.labels() });
        }
        self.initialize(frequencies);
        Ok(())
    }

    /// Adds the actions of a label; false if all were there. Numbers of other actions stay.
    pub fn add_label(&mut self, label: &str) -> bool {
        let n_before = self.len();
        let label_id = self.labels.intern(label);
        for action_move in Move::OF_LABEL {
            let is_new = Action::new(action_move, label_id).is_some_and(|action| self.find(action).is_none());
            if is_new {
                // Frequencies of added labels count down from -1, which is how their order survives in the file.
                let lowest = self.frequencies.labels_mut(action_move).values().copied().min();
                self.insert(action_move, label, lowest.unwrap_or(0).min(0).saturating_sub(1));
            }
        }
        self.len() > n_before
    }

    fn insert(&mut self, action_move: Move, label: &str, frequency: i64) {
        self.frequencies.labels_mut(action_move).insert(label.to_owned(), frequency);
        let label_id = self.labels.intern(label);
        if let Some(action) = Action::new(action_move, label_id)
            && self.find(action).is_none()
        {
            self.table.push(action);
        }
    }

    /// The number of actions, which is the width of a row of scores.
    pub fn len(&self) -> usize {
        self.table.actions().len()
    }

    /// Whether there are no actions yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The action with this number; numbers come from this same set of actions.
    pub fn action(&self, id: ActionId) -> Action {
        self.table.actions()[id.index()]
    }

    /// The number of an action, if there is such an action.
    pub fn find(&self, action: Action) -> Option<ActionId> {
        self.table.find(action)
    }

    /// All actions in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (ActionId, Action)> {
        (0..).map(ActionId).zip(self.table.actions().iter().copied())
    }

    /// The label with this string id; [`LabelId::UNKNOWN`] if there is none.
    pub fn label_id(&self, string_id: StringId) -> LabelId {
        // Most tokens have no label: they are spared the look-up.
        if string_id.is_empty() {
            return LabelId::EMPTY;
        }
        self.labels.find(string_id).unwrap_or(LabelId::UNKNOWN)
    }

    /// The string id of a label, as documents store it.
    pub fn label_string_id(&self, label: LabelId) -> StringId {
        self.labels.string_id(label)
    }

    /// The text of a label.
    pub fn label(&self, label: LabelId) -> &str {
        self.labels.text(label)
    }

    /// The name of an action, such as `B-ORG`, `U-` or `O`.
    pub fn name(&self, id: ActionId) -> String {
        self.action_name(self.action(id))
    }

    pub(crate) fn action_name(&self, action: Action) -> String {
        let (action_move, label) = action.parts();
        let letter = match action_move {
            Move::Missing => "M",
            Move::Begin => "B",
            Move::In => "I",
            Move::Last => "L",
            Move::Unit => "U",
            Move::Out => return "O".to_owned(),
        };
        format!("{letter}-{}", self.label(label))
    }

    /// The labels, sorted: spaCy's `labels`.
    pub fn labels(&self) -> Vec<String> {
        let of_entities = self.iter().filter(|(_, action)| !matches!(action, Action::Blocked | Action::Out));
        let labels: BTreeSet<&str> = of_entities.map(|(_, action)| self.label(action.parts().1)).collect();
        labels.into_iter().map(str::to_owned).collect()
    }

    /// The frequencies that the numbers follow, as they are stored.
    pub fn frequencies(&self) -> &LabelFrequencies {
        &self.frequencies
    }

    pub(crate) fn table(&self) -> &ActionTable {
        &self.table
    }
}

/// Labels by falling frequency; those of one frequency by falling name.
fn falling<'a>(labels: impl Iterator<Item = (i64, &'a str)>) -> Vec<(i64, &'a str)> {
    let mut labels: Vec<_> = labels.collect();
    labels.sort_unstable_by(|a, b| b.cmp(a));
    labels
}

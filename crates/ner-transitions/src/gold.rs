use crate::{Action, LabelId, State};

/// Tokens `start..end` known not to be an entity with this label.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NegativeSpan {
    /// First token.
    pub start: u32,
    /// Label.
    pub label: LabelId,
    /// One past the last token.
    pub end: u32,
}

/// What is known of a predicted document's entities: for each token the gold action, or nothing, and spans
/// that are no entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gold {
    actions: Vec<Option<Action>>,
    /// Sorted, each once.
    negatives: Vec<NegativeSpan>,
}

impl Gold {
    /// Gold actions, one a token, and negative spans in any order.
    pub fn new(actions: Vec<Option<Action>>, mut negatives: Vec<NegativeSpan>) -> Gold {
        negatives.sort_unstable();
        negatives.dedup();
        Gold { actions, negatives }
    }

    /// The gold action at a token; `None` where nothing is known, and past the end.
    pub fn action(&self, token_index: usize) -> Option<Action> {
        self.actions.get(token_index).copied().flatten()
    }

    /// The spans known not to be entities, sorted.
    pub fn negatives(&self) -> &[NegativeSpan] {
        &self.negatives
    }

    /// Negative spans that start at a token.
    pub(crate) fn negatives_from(&self, token_index: usize) -> &[NegativeSpan] {
        let start = self.negatives.partition_point(|span| (span.start as usize) < token_index);
        let n = self.negatives[start..].partition_point(|span| span.start as usize == token_index);
        &self.negatives[start..start + n]
    }

    pub(crate) fn remove_negatives(&mut self) {
        self.negatives.clear();
    }

    pub(crate) fn forget_outside(&mut self, token_index: usize) {
        if self.actions[token_index] == Some(Action::Out) {
            self.actions[token_index] = None;
        }
    }

    /// Whether the open entity cannot become a gold one any more, so that nothing is lost by how it goes on.
    pub(crate) fn is_sunk(&self, state: &State) -> bool {
        state.open_entity().is_some_and(|open| match self.action(open.start as usize) {
            Some(Action::Begin(label) | Action::Unit(label)) => label != open.label,
            _ => true,
        })
    }
}

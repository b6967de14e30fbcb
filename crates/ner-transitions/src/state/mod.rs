//! The state of a parse, and the actions that it allows.

mod constraints;
mod context;
mod entities;
mod valid_actions;

pub use constraints::{Constraints, TokenConstraints};
pub use context::ContextFeatures;
pub use entities::write_entities;
pub use valid_actions::{AllowedLabels, ValidActions};

use crate::{Action, LabelId};

/// An entity found so far: tokens `start..end`. With the empty label it is a blocked token.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct StateEntity {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// Label.
    pub label: LabelId,
}

/// An entity that was begun and not yet ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenEntity {
    /// First token.
    pub start: u32,
    /// Label.
    pub label: LabelId,
}

/// A parse in progress: the next token, the entities found and the one that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    next: u32,
    n_tokens: u32,
    open: Option<OpenEntity>,
    entities: Vec<StateEntity>,
}

impl State {
    /// The beginning of a document of `n_tokens`.
    pub fn new(n_tokens: usize) -> State {
        State { next: 0, n_tokens: n_tokens as u32, open: None, entities: Vec::new() }
    }

    /// Index of the token that the next action is about; the number of tokens when the state is final.
    pub fn next_token(&self) -> usize {
        self.next as usize
    }

    /// The number of tokens left, the next one included.
    pub fn n_left(&self) -> usize {
        (self.n_tokens - self.next) as usize
    }

    /// Whether all tokens are consumed.
    pub fn is_final(&self) -> bool {
        self.next == self.n_tokens
    }

    /// The open entity.
    pub fn open_entity(&self) -> Option<OpenEntity> {
        self.open
    }

    /// The entities closed so far, in order of their ends, blocked tokens among them.
    pub fn entities(&self) -> &[StateEntity] {
        &self.entities
    }

    /// The action by which a token was consumed; `None` if it is still to come. Blocked tokens count as left outside.
    pub fn action_at(&self, token: usize) -> Option<Action> {
        let token = token as u32;
        if token >= self.next {
            return None;
        }
        if let Some(open) = self.open.filter(|open| open.start <= token) {
            return Some(if open.start == token {
                Action::Begin(open.label)
            } else {
                Action::In(open.label)
            });
        }
        // Entities stand in the order of their ends: the first that ends behind the token has it, or none.
        let place = self.entities.partition_point(|entity| entity.end <= token);
        let entity = self.entities.get(place).filter(|entity| entity.start <= token);
        Some(match entity {
            Some(entity) if entity.label.non_empty().is_some() => {
                match (entity.start == token, entity.end == token + 1) {
                    (true, true) => Action::Unit(entity.label),
                    (true, false) => Action::Begin(entity.label),
                    (false, true) => Action::Last(entity.label),
                    (false, false) => Action::In(entity.label),
                }
            }
            _ => Action::Out,
        })
    }

    /// Consumes one token by an action. A final state stays as it is.
    pub fn apply(&mut self, action: Action) {
        if self.is_final() {
            return;
        }
        let end = self.next + 1;
        match action {
            Action::Begin(label) => self.open = Some(OpenEntity { start: self.next, label }),
            Action::Last(_) => {
                // A preset may demand the end with another label; the entity keeps the one that it was opened with.
                let closed =
                    self.open.take().map(|open| StateEntity { start: open.start, end, label: open.label });
                self.entities.extend(closed);
            }
            Action::Unit(_) | Action::Blocked => {
                self.open = None;
                self.entities.push(StateEntity { start: self.next, end, label: action.parts().1 });
            }
            Action::In(_) | Action::Out => {}
        }
        self.next = end;
    }

    /// Ends the parse where no action is valid: the open entity is dropped, and the rest of the document stays as it is.
    pub fn force_final(&mut self) {
        self.open = None;
        self.next = self.n_tokens;
    }

    /// Drops the closed entities, so that a copy of the state allocates nothing. Neither validity nor costs depend on
    /// them.
    pub(crate) fn forget_entities(&mut self) {
        self.entities.clear();
    }

    /// Writes the ids of the tokens that the model reads into `ids` (`features.count()` long). An id is the token's index
    /// plus `offset`, the row of the document's first token, which is negative where rows begin in the midst of it; -1 is padding.
    pub fn write_context(&self, features: ContextFeatures, offset: i32, ids: &mut [i32]) {
        ids.fill(-1);
        let id = |token_index: u32| token_index as i32 + offset;
        if !self.is_final() {
            ids[0] = id(self.next);
        }
        let Some(open) = self.open else { return };
        match features {
            // A long entity is seen by its two ends.
            ContextFeatures::Basic => {
                ids[1] = id(open.start);
                ids[2] = id(self.next - 1);
            }
            ContextFeatures::Extended => {
                // Of a longer entity the beginning, as many tokens as there are slots.
                for (slot, token_index) in ids[1..].iter_mut().zip(open.start..self.next) {
                    *slot = id(token_index);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(features: ContextFeatures, actions: &[Action], n_tokens: usize) -> Vec<i32> {
        let mut state = State::new(n_tokens);
        actions.iter().for_each(|&action| state.apply(action));
        let mut ids = vec![0; features.count()];
        state.write_context(features, 100, &mut ids);
        ids
    }

    #[test]
    fn context_is_the_next_token_and_the_open_entity() {
        use Action::{Begin, In, Last, Out};
        use ContextFeatures::{Basic, Extended};
        let label = LabelId(1);
        let inside = [In(label); 7];
        let long = [&[Out, Begin(label)], &inside[..]].concat();
        assert_eq!(context(Basic, &[], 9), [100, -1, -1]);
        assert_eq!(context(Basic, &[Out], 9), [101, -1, -1]);
        assert_eq!(context(Basic, &[Out, Begin(label), In(label)], 9), [103, 101, 102]);
        assert_eq!(context(Basic, &[Out, Begin(label), Last(label)], 9), [103, -1, -1]);
        assert_eq!(context(Basic, &[Out], 1), [-1, -1, -1]);
        assert_eq!(context(Extended, &[Out, Begin(label), In(label)], 9), [103, 101, 102, -1, -1, -1]);
        assert_eq!(context(Extended, &long, 20), [109, 101, 102, 103, 104, 105]);
        assert_eq!(context(Extended, &[Out], 9), [101, -1, -1, -1, -1, -1]);
    }

    #[test]
    fn a_state_knows_the_actions_that_led_to_it() {
        use Action::{Begin, In, Last, Out, Unit};
        let label = LabelId(1);
        let actions = [Out, Unit(label), Begin(label), In(label), Last(label), Out, Begin(label), In(label)];
        let mut state = State::new(9);
        actions.iter().for_each(|&action| state.apply(action));
        let found: Vec<_> = (0..9).map_while(|token| state.action_at(token)).collect();
        assert_eq!(found, actions);
    }

    #[test]
    fn giving_up_drops_the_open_entity() {
        let mut state = State::new(4);
        state.apply(Action::Unit(LabelId(1)));
        state.apply(Action::Begin(LabelId(2)));
        state.force_final();
        state.apply(Action::Out);
        assert!(state.is_final() && state.open_entity().is_none());
        assert_eq!(state.entities(), [StateEntity { start: 0, end: 1, label: LabelId(1) }]);
    }
}

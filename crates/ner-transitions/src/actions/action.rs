use serde::{Deserialize, Serialize};

use crate::TransitionError;

/// A label of the transition system, by its place in [`Actions`](crate::Actions).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub(crate) u32);

impl LabelId {
    /// The empty label: no entity at all.
    pub const EMPTY: LabelId = LabelId(0);
    /// A label, preset on a document, that the system has no action for.
    // Not an `Option`: the rules then read the same for presets with known and unknown labels, and no table reaches that far.
    pub const UNKNOWN: LabelId = LabelId(u32::MAX);

    /// The label, unless it is the empty one.
    pub(crate) fn non_empty(self) -> Option<LabelId> {
        (self != LabelId::EMPTY).then_some(self)
    }
}

/// The number of an action: its row in the model's output layer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u32);

impl ActionId {
    /// The number as an index into a row of scores.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The kind of an action, whatever its label. The numbers are those of spaCy's files.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Move {
    /// No gold tag; never an action.
    Missing = 0,
    /// Opens an entity of several tokens.
    Begin = 1,
    /// Continues the open entity.
    In = 2,
    /// Closes the open entity.
    Last = 3,
    /// An entity of one token; with the empty label, a token that no entity may cover.
    Unit = 4,
    /// Outside any entity.
    Out = 5,
}

impl Move {
    /// The moves that a new label gets actions for, in the order of their numbers. Only the empty
    /// label has an action for `Out`.
    pub(crate) const OF_LABEL: [Move; 5] = [Move::Begin, Move::In, Move::Last, Move::Unit, Move::Out];
}

impl TryFrom<u8> for Move {
    type Error = TransitionError;

    fn try_from(number: u8) -> Result<Move, TransitionError> {
        match number {
            0 => Ok(Move::Missing),
            1 => Ok(Move::Begin),
            2 => Ok(Move::In),
            3 => Ok(Move::Last),
            4 => Ok(Move::Unit),
            5 => Ok(Move::Out),
            _ => Err(TransitionError::UnknownMove { number }),
        }
    }
}

impl From<Move> for u8 {
    fn from(value: Move) -> u8 {
        value as u8
    }
}

/// One thing that can be done with the next token. Every action consumes exactly one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open an entity of several tokens.
    Begin(LabelId),
    /// Continue the open entity.
    In(LabelId),
    /// Close the open entity with this token.
    Last(LabelId),
    /// Make an entity of this token alone.
    Unit(LabelId),
    /// Leave a token outside that a preset blocks for entities; spaCy calls the action `U-`.
    Blocked,
    /// Leave the token outside any entity.
    Out,
}

impl Action {
    /// The action of a move with a label; `None` for the pairs that are none: `Missing`, and `Out` with a
    /// label.
    pub fn new(action_move: Move, label: LabelId) -> Option<Action> {
        match action_move {
            Move::Missing => None,
            Move::Begin => Some(Action::Begin(label)),
            Move::In => Some(Action::In(label)),
            Move::Last => Some(Action::Last(label)),
            // A variant of its own, since it makes no entity and is valid where no other `Unit` is.
            Move::Unit if label == LabelId::EMPTY => Some(Action::Blocked),
            Move::Unit => Some(Action::Unit(label)),
            Move::Out => (label == LabelId::EMPTY).then_some(Action::Out),
        }
    }

    /// The move and the label; the label is empty for `Blocked` and `Out`.
    pub fn parts(self) -> (Move, LabelId) {
        match self {
            Action::Begin(label) => (Move::Begin, label),
            Action::In(label) => (Move::In, label),
            Action::Last(label) => (Move::Last, label),
            Action::Unit(label) => (Move::Unit, label),
            Action::Blocked => (Move::Unit, LabelId::EMPTY),
            Action::Out => (Move::Out, LabelId::EMPTY),
        }
    }
}

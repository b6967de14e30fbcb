//! The BILUO transition system of a named entity recogniser: which actions a state allows, what they do, what they
//! cost, and how sequences of them are searched.
//!
//! A document is read from left to right, one action a token. Something outside this crate, usually a network, scores
//! the actions of a state; this crate knows documents and labels, and neither tensors nor models nor the file system.
//!
//! ```
//! use ner_transitions::{Actions, Constraints, LabelFrequencies, State, ValidActions};
//!
//! let frequencies = LabelFrequencies::from_counts([("PERSON".to_owned(), 3), ("ORG".to_owned(), 1)]);
//! let actions = Actions::new(&frequencies);
//! let constraints = Constraints::from_tokens(vec![Default::default(); 2]);
//! let mut state = State::new(constraints.len());
//! while !state.is_final() {
//!     let scores = vec![0.0; actions.len()];
//!     let valid = ValidActions::new(&state, &constraints);
//!     let best = valid.best(&actions, &scores).expect("without presets some action is valid");
//!     state.apply(actions.action(best));
//! }
//! assert_eq!(state.entities().len(), 1);
//! ```

mod error;
mod no_oracle;

mod actions;
mod state;

mod oracle;
mod search;

pub use actions::{Action, ActionId, Actions, LabelFrequencies, LabelId, Move};
pub use error::TransitionError;
pub use no_oracle::{Cause, CauseKind, NoOracle};
pub use oracle::{
    DeadEnd, Gold, GoldDoc, INVALID, LogLoss, NegativeSpan, Objective, Oracle, Start, Starts, diagnose,
    has_gold, has_gold_within,
};
pub use search::{Beam, BeamGradient, BeamSettings, BeamUpdate, Parse, StepGradient};
pub use state::{
    AllowedLabels, Constraints, ContextFeatures, OpenEntity, State, StateEntity, TokenConstraints,
    ValidActions, write_entities,
};

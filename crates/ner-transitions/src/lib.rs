//! The BILUO transition system: which actions are valid, what they do, what they cost.
//!
//! It knows documents and labels; it knows no tensors, no model and no files.
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
//!     let best = actions.best_valid(valid, &scores).expect("without presets some action is valid");
//!     state.apply(actions.action(best));
//! }
//! assert_eq!(state.entities().len(), 1);
//! ```

mod action;
mod action_table;
mod actions;
mod label_frequencies;
mod moves_file;

mod constraints;
mod entities;
mod state;
mod validity;

mod annotation;
mod costs;
mod diagnosis;
mod gold;
mod loss;
mod oracle;
mod starts;

mod beam;
mod beam_update;
mod history;

mod error;

pub use action::{Action, ActionId, LabelId, Move};
pub use actions::Actions;
pub use beam::{Beam, BeamSettings, Parse};
pub use beam_update::{BeamGradient, BeamUpdate, StepGradient};
pub use constraints::{Constraints, TokenConstraints};
pub use costs::INVALID;
pub use diagnosis::{Cause, CauseKind};
pub use error::{NoOracle, TransitionError};
pub use gold::{Gold, NegativeSpan};
pub use label_frequencies::LabelFrequencies;
pub use loss::log_loss_gradient;
pub use oracle::DeadEnd;
pub use starts::{GoldDoc, Start, Starts};
pub use state::{ContextFeatures, OpenEntity, State, StateEntity};
pub use validity::{AllowedLabels, ValidActions};

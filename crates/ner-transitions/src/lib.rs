#![doc = include_str!("../README.md")]

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
    Advice, DeadEnd, Gold, GoldDoc, INVALID, LabelSmoothing, LogLoss, NegativeSpan, Objective, Oracle,
    ScoreDistance, SoftTarget, Start, Starts, diagnose, has_gold, has_gold_within,
};
pub use search::{Beam, BeamGradient, BeamSettings, BeamUpdate, Parse, StepGradient};
pub use state::{
    AllowedLabels, Constraints, ContextFeatures, OpenEntity, State, StateEntity, TokenConstraints,
    ValidActions, write_entities,
};

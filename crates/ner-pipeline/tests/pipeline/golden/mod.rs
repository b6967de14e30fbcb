//! What real spaCy predicted and learned, held against this crate: a slice that is in the repository, and all of the
//! suite where `NER_GOLDEN` names it.

mod annotations;
mod distillation;
mod gradients;
mod initial_weights;
mod models;
mod rehearsals;
mod suite;
mod transformers;
mod updates;

pub(crate) use updates::adam;

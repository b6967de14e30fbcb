//! The passes over the text, and what is saved between two steps.

mod checkpoint;
mod follow;
mod run;
mod table;

pub use follow::Event;
use run::Place;
pub use run::Training;

//! Learning from what others would do in the states that the recogniser visits itself: from the recogniser as it was
//! (rehearsal), or from other recognisers (distillation).

mod adviser;
mod beam_shares;
mod images;
mod knowledge;
mod lessons;
mod walk;

pub use knowledge::Knowledge;
pub(crate) use lessons::{TeacherOf, distill, study};
pub(super) use lessons::{copy, rehearse};

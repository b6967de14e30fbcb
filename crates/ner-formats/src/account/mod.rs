//! What became of all that a file holds: how many records and spans went in, came out, and were lost on the way.

mod file_account;
mod look_alikes;
mod loss;
mod message;
mod output;
mod tally;
mod text;
mod unsaid;

pub use file_account::INCORRECT_SPANS;
pub(crate) use file_account::n_spans;
pub use file_account::{Account, LabelCounts};
pub use loss::{RecordLoss, SpanLoss};
pub use message::{Level, Message};
pub use output::OutputAccount;
pub use tally::Tally;
pub use unsaid::{Unsaid, UnsaidCount};

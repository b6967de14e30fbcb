#![doc = include_str!("../README.md")]

mod memory;
mod message;
mod page;
mod pretraining_lines;
mod table;
mod title;
mod training_lines;
mod training_table;

pub use memory::{memory_line, memory_table};
pub use message::Message;
pub use page::TrainingPage;
pub use pretraining_lines::pretraining_lines;
pub use table::Table;
pub use title::title;
pub use training_lines::{TrainingLines, progress_description};

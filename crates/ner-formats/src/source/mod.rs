//! The one way in: from a file, whatever it is packed with and encoded in, to bytes, lines, JSON values or a text.

mod encoding;
mod opened;
mod packing;
mod parquet;

mod every_line;
mod json_items;
mod json_lines;
mod json_parts;
mod json_prefix;
mod text;
mod text_lines;

mod sample;

pub use encoding::Encoding;
pub use every_line::EveryLine;
pub(crate) use json_items::{JsonItems, items_of};
pub use json_items::{first_json, json_values};
pub use json_lines::JsonLines;
pub use opened::Opened;
pub(crate) use sample::Sample;
pub use sample::suffix;
pub(crate) use text::Source;
pub use text_lines::TextLines;

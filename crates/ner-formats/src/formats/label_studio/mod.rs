//! Label Studio's tasks: a text with annotations of people and predictions of programs.

mod writer;

pub(crate) use writer::{ANNOTATIONS, PREDICTIONS};

#![doc = include_str!("../README.md")]

mod description;
mod package;

mod readme;
mod sources;

mod metadata;
mod sdist;
mod wheel;

mod error;

pub use description::Description;
pub use error::PackageError;
pub use package::{Archive, Package};

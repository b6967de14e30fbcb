//! Where an encoder is: a folder, or a name to be looked for.

mod cache;
mod encoder_name;
mod places;

pub use encoder_name::EncoderName;
pub use places::EncoderPlaces;

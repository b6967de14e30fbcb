use ner_hub::EncoderPlaces;
use ner_thinc::ModelFile;

use super::{EncoderLoader, PieceLoader};

/// Where a network is about to get its pretrained encoder from, which decides its sizes.
#[derive(Clone, Copy, Debug)]
pub enum Preparation<'a> {
    /// From where people have encoders, before training.
    Sources(&'a EncoderSources),
    /// From its own file.
    File(&'a ModelFile),
}

/// Where the encoder of a component comes from.
#[derive(Clone, Debug, Default)]
pub struct EncoderSources {
    /// Where encoders are looked for by their names.
    pub places: EncoderPlaces,
    /// `encoder_loader` of `[initialize.components]`.
    pub encoder_loader: Option<EncoderLoader>,
    /// `piecer_loader` of `[initialize.components]`.
    pub piecer_loader: Option<PieceLoader>,
}

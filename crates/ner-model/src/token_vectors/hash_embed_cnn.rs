use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::tok2vec::compose;
use crate::TokenSource;
use crate::embed::multi_hash_embed::{MultiHashEmbedConfig, multi_hash_embed};
use crate::embed::static_vectors::UnknownWords;
use crate::encode::maxout_window_encoder::{MaxoutWindowEncoderConfig, maxout_window_encoder};
use crate::encode::window_encoder::WindowEncoder;
use crate::encode::window_recipe::Version;

/// Hash embeddings and a window encoder with few settings: the default of the recogniser.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HashEmbedCnnConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Number of encoder layers.
    pub depth: usize,
    /// Rows of the table of norms; the others have half as many.
    pub embed_size: usize,
    /// Neighbours on either side that an encoder layer sees.
    pub window_size: usize,
    /// Pieces of each maxout of the encoder.
    pub maxout_pieces: usize,
    /// Whether prefix, suffix and shape are embedded beside the norm.
    pub subword_features: bool,
    /// Whether the vocabulary's static vectors are mixed in.
    pub pretrained_vectors: Option<bool>,
}

impl HashEmbedCnnConfig {
    fn embed(&self) -> MultiHashEmbedConfig {
        let half = self.embed_size / 2;
        let (attrs, rows) = if self.subword_features {
            (&["NORM", "PREFIX", "SUFFIX", "SHAPE"][..], vec![self.embed_size, half, half, half])
        } else {
            (&["NORM"][..], vec![self.embed_size])
        };
        MultiHashEmbedConfig {
            width: self.width,
            attrs: attrs.iter().map(|&name| name.to_owned()).collect(),
            rows,
            include_static_vectors: self.pretrained_vectors.unwrap_or(false),
        }
    }
}

/// `spacy.HashEmbedCNN.v2` and `.v1`
pub(crate) fn hash_embed_cnn(
    config: HashEmbedCnnConfig,
    unknown_words: UnknownWords,
    builder: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let embed = multi_hash_embed(config.embed(), unknown_words, builder)?;
    let HashEmbedCnnConfig { width, depth, window_size, maxout_pieces, .. } = config;
    // spaCy: one piece is still maxout, though its documentation promises mish (models/tok2vec.py).
    let encode = MaxoutWindowEncoderConfig { width, window_size, maxout_pieces, depth };
    // spaCy: the first version, too, takes encoder and frame of the second (spacy-legacy, tok2vec.py).
    let encode = maxout_window_encoder(encode, Version::Two, builder)?;
    Ok(compose(embed, WindowEncoder::recipe(encode), Version::Two))
}

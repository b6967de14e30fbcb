//! Every architecture by the name that configs call it.

use ner_config::{Kind, Registry};

use crate::hash_embed_cnn::hash_embed_cnn;
use crate::maxout_window_encoder::maxout_window_encoder;
use crate::multi_hash_embed::multi_hash_embed;
use crate::tok2vec::tok2vec;
use crate::tok2vec_listener::tok2vec_listener;
use crate::transition_based_parser::transition_based_parser;

/// The architecture that stands for another component's token vectors.
pub(crate) const LISTENER: &str = "spacy.Tok2VecListener.v1";

/// Registers the architectures of this crate.
pub fn register(registry: &mut Registry) {
    registry
        .add(Kind::Architectures, "spacy.Tok2Vec.v2", tok2vec)
        .add(Kind::Architectures, "spacy.HashEmbedCNN.v2", hash_embed_cnn)
        .add(Kind::Architectures, "spacy.MultiHashEmbed.v2", multi_hash_embed)
        .add(Kind::Architectures, "spacy.MaxoutWindowEncoder.v2", maxout_window_encoder)
        .add(Kind::Architectures, LISTENER, tok2vec_listener)
        .add(Kind::Architectures, "spacy.TransitionBasedParser.v2", transition_based_parser);
}

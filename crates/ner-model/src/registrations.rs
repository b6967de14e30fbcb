//! Every architecture by the name that configs call it.

use ner_config::{Kind, Registry};

use crate::character_embed::{character_embed, character_embed_v1};
use crate::hash_embed_cnn::{hash_embed_cnn, hash_embed_cnn_v1};
use crate::maxout_window_encoder::{maxout_window_encoder, maxout_window_encoder_v1};
use crate::mish_window_encoder::{mish_window_encoder, mish_window_encoder_v1};
use crate::multi_hash_embed::{multi_hash_embed, multi_hash_embed_v1};
use crate::tok2vec::{tok2vec, tok2vec_v1};
use crate::tok2vec_listener::tok2vec_listener;
use crate::torch_bilstm_encoder::torch_bilstm_encoder;
use crate::transition_based_parser::transition_based_parser;

/// Registers the architectures of this crate. Two versions of one are named one after the other, the current one first.
pub fn register(registry: &mut Registry) {
    const KIND: Kind = Kind::Architectures;
    registry
        .add(KIND, "spacy.Tok2Vec.v2", tok2vec)
        .add(KIND, "spacy.Tok2Vec.v1", tok2vec_v1)
        .add(KIND, "spacy.HashEmbedCNN.v2", hash_embed_cnn)
        .add(KIND, "spacy.HashEmbedCNN.v1", hash_embed_cnn_v1)
        .add(KIND, "spacy.MultiHashEmbed.v2", multi_hash_embed)
        .add(KIND, "spacy.MultiHashEmbed.v1", multi_hash_embed_v1)
        .add(KIND, "spacy.CharacterEmbed.v2", character_embed)
        .add(KIND, "spacy.CharacterEmbed.v1", character_embed_v1)
        .add(KIND, "spacy.MaxoutWindowEncoder.v2", maxout_window_encoder)
        .add(KIND, "spacy.MaxoutWindowEncoder.v1", maxout_window_encoder_v1)
        .add(KIND, "spacy.MishWindowEncoder.v2", mish_window_encoder)
        .add(KIND, "spacy.MishWindowEncoder.v1", mish_window_encoder_v1)
        .add(KIND, "spacy.TorchBiLSTMEncoder.v1", torch_bilstm_encoder)
        .add(KIND, "spacy.Tok2VecListener.v1", tok2vec_listener)
        .add(KIND, "spacy.TransitionBasedParser.v2", transition_based_parser)
        .add(KIND, "spacy.TransitionBasedParser.v1", transition_based_parser);
}

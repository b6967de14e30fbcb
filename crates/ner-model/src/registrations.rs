//! Every architecture by the name that configs call it.

use ner_config::{Kind, Registry};

use crate::embed::character_embed::character_embed;
use crate::embed::multi_hash_embed::multi_hash_embed;
use crate::embed::static_vectors::UnknownWords::{LastRow, Zeros};
use crate::embed::word_embed::config::word_embed;
use crate::encode::maxout_window_encoder::maxout_window_encoder;
use crate::encode::mish_window_encoder::mish_window_encoder;
use crate::encode::torch_bilstm_encoder::torch_bilstm_encoder;
use crate::encode::window_recipe::Version::{One, Two};
use crate::listeners::last_transformer_layer_listener::last_transformer_layer_listener;
use crate::listeners::pooling;
use crate::listeners::scalar_weight::scalar_weight;
use crate::listeners::scalar_weighting_listener::scalar_weighting_listener;
use crate::listeners::tok2vec_listener::tok2vec_listener;
use crate::listeners::transformer_listener::transformer_listener;
use crate::parser::transition_based_parser::{looking_back_parser, transition_based_parser};
use crate::pretraining::characters::pretrain_characters;
use crate::pretraining::vectors::pretrain_vectors;
use crate::token_vectors::document_memory::document_memory;
use crate::token_vectors::hash_embed_cnn::hash_embed_cnn;
use crate::token_vectors::tok2vec::{tok2vec, tok2vec_v1};
use crate::transformers;

/// Registers the architectures of this crate. Two versions of one are named one after the other, the current one first.
pub fn register(registry: &mut Registry) {
    const KIND: Kind = Kind::Architectures;
    registry
        .add(KIND, "spacy.Tok2Vec.v2", tok2vec)
        .add(KIND, "spacy.Tok2Vec.v1", tok2vec_v1)
        .add(KIND, "ner.DocumentMemory.v1", document_memory)
        .add(KIND, "spacy.HashEmbedCNN.v2", |config, builder| hash_embed_cnn(config, Zeros, builder))
        .add(KIND, "spacy.HashEmbedCNN.v1", |config, builder| hash_embed_cnn(config, LastRow, builder))
        .add(KIND, "spacy.MultiHashEmbed.v2", |config, builder| multi_hash_embed(config, Zeros, builder))
        .add(KIND, "spacy.MultiHashEmbed.v1", |config, builder| multi_hash_embed(config, LastRow, builder))
        .add(KIND, "ner.WordEmbed.v1", word_embed)
        .add(KIND, "spacy.CharacterEmbed.v2", |config, builder| character_embed(config, Zeros, builder))
        .add(KIND, "spacy.CharacterEmbed.v1", |config, builder| character_embed(config, LastRow, builder))
        .add(KIND, "spacy.MaxoutWindowEncoder.v2", |config, builder| {
            maxout_window_encoder(config, Two, builder)
        })
        .add(KIND, "spacy.MaxoutWindowEncoder.v1", |config, builder| {
            maxout_window_encoder(config, One, builder)
        })
        .add(KIND, "spacy.MishWindowEncoder.v2", |config, builder| mish_window_encoder(config, Two, builder))
        .add(KIND, "spacy.MishWindowEncoder.v1", |config, builder| mish_window_encoder(config, One, builder))
        .add(KIND, "spacy.TorchBiLSTMEncoder.v1", torch_bilstm_encoder)
        .add(KIND, "spacy.Tok2VecListener.v1", tok2vec_listener)
        .add(KIND, "spacy-transformers.TransformerListener.v1", transformer_listener)
        .add(
            KIND,
            "spacy-curated-transformers.LastTransformerLayerListener.v1",
            last_transformer_layer_listener,
        )
        .add(KIND, "spacy-curated-transformers.ScalarWeightingListener.v1", scalar_weighting_listener)
        .add(KIND, "spacy-curated-transformers.ScalarWeight.v1", scalar_weight)
        // spaCy: the first version only lacks growth without an upper layer (spacy-legacy, parser.py).
        .add(KIND, "spacy.TransitionBasedParser.v2", transition_based_parser)
        .add(KIND, "spacy.TransitionBasedParser.v1", transition_based_parser)
        .add(KIND, "ner.LookingBackParser.v1", looking_back_parser)
        .add(KIND, "spacy.PretrainCharacters.v1", pretrain_characters)
        .add(KIND, "spacy.PretrainVectors.v1", pretrain_vectors);
    pooling::register(registry);
    transformers::register(registry);
}

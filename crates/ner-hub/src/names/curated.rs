use super::encoder_names::Order;
use super::{AttentionInput, EncoderNames, LayerNames};
use crate::{EncoderConfig, Family};

impl EncoderNames {
    /// The names in the state of spacy-curated-transformers' shim; `None` for families that it does not have.
    pub fn curated(config: &EncoderConfig) -> Option<EncoderNames> {
        let is_projected = config.embedding_size != config.hidden_size;
        let names = match config.family {
            Family::Bert | Family::Albert => EncoderNames {
                word_embeddings: "curated_encoder.embeddings.word_embeddings.weight",
                position_embeddings: "curated_encoder.embeddings.position_embeddings.weight",
                token_type_embeddings: Some("curated_encoder.embeddings.token_type_embeddings.weight"),
                embeddings_norm: "curated_encoder.embeddings.layer_norm",
                projection: is_projected.then_some("curated_encoder.embeddings.projection"),
                layers: layers(config),
                pooler: None,
                order: Order::Curated,
            },
            Family::Roberta => EncoderNames {
                word_embeddings: "curated_encoder.embeddings.inner.word_embeddings.weight",
                position_embeddings: "curated_encoder.embeddings.inner.position_embeddings.weight",
                token_type_embeddings: Some("curated_encoder.embeddings.inner.token_type_embeddings.weight"),
                embeddings_norm: "curated_encoder.embeddings.inner.layer_norm",
                projection: is_projected.then_some("curated_encoder.embeddings.inner.projection"),
                layers: layers(config),
                pooler: None,
                order: Order::Curated,
            },
            Family::DistilBert | Family::Electra => return None,
        };
        Some(names)
    }
}

fn layers(config: &EncoderConfig) -> Vec<LayerNames> {
    config
        .groups()
        .map(|(group, inner)| match config.family {
            Family::Albert => layer(&format!("curated_encoder.groups.{group}.group_layers.{inner}")),
            _ => layer(&format!("curated_encoder.layers.{group}")),
        })
        .collect()
}

fn layer(place: &str) -> LayerNames {
    let name = |part: &str| format!("{place}.{part}");
    LayerNames {
        attention_input: AttentionInput::Stacked(name("mha.input")),
        attention_output: name("mha.output"),
        attention_norm: name("attn_output_layernorm"),
        intermediate: name("ffn.intermediate"),
        output: name("ffn.output"),
        output_norm: name("ffn_output_layernorm"),
    }
}

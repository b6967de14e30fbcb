use super::encoder_names::Order;
use super::{AttentionInput, EncoderNames, LayerNames};
use crate::{EncoderConfig, Family};

impl EncoderNames {
    /// The names in checkpoints of the base model, and in the state of spacy-transformers' shim.
    pub fn hugging_face(config: &EncoderConfig) -> EncoderNames {
        let is_projected = config.embedding_size != config.hidden_size;
        let (projection, pooler) = match config.family {
            Family::Bert | Family::Roberta => (None, Some("pooler.dense")),
            Family::DistilBert => (None, None),
            Family::Electra => (is_projected.then_some("embeddings_project"), None),
            // There however wide the embeddings are.
            Family::Albert => (Some("encoder.embedding_hidden_mapping_in"), Some("pooler")),
        };
        let layer = match config.family {
            Family::DistilBert => distilbert_layer,
            Family::Albert => albert_layer,
            Family::Bert | Family::Roberta | Family::Electra => bert_layer,
        };
        let types = "embeddings.token_type_embeddings.weight";
        EncoderNames {
            word_embeddings: "embeddings.word_embeddings.weight",
            position_embeddings: "embeddings.position_embeddings.weight",
            token_type_embeddings: (config.type_vocab_size > 0).then_some(types),
            embeddings_norm: "embeddings.LayerNorm",
            projection,
            layers: config.groups().map(|(group, inner)| layer(group, inner)).collect(),
            pooler,
            order: if config.family == Family::Albert { Order::Albert } else { Order::Flow },
        }
    }
}

fn bert_layer(group: usize, _: usize) -> LayerNames {
    let name = |part: &str| format!("encoder.layer.{group}.{part}");
    LayerNames {
        attention_input: AttentionInput::Apart(
            ["attention.self.query", "attention.self.key", "attention.self.value"].map(name),
        ),
        attention_output: name("attention.output.dense"),
        attention_norm: name("attention.output.LayerNorm"),
        intermediate: name("intermediate.dense"),
        output: name("output.dense"),
        output_norm: name("output.LayerNorm"),
    }
}

fn distilbert_layer(group: usize, _: usize) -> LayerNames {
    let name = |part: &str| format!("transformer.layer.{group}.{part}");
    LayerNames {
        attention_input: AttentionInput::Apart(
            ["attention.q_lin", "attention.k_lin", "attention.v_lin"].map(name),
        ),
        attention_output: name("attention.out_lin"),
        attention_norm: name("sa_layer_norm"),
        intermediate: name("ffn.lin1"),
        output: name("ffn.lin2"),
        output_norm: name("output_layer_norm"),
    }
}

fn albert_layer(group: usize, inner: usize) -> LayerNames {
    let name = |part: &str| format!("encoder.albert_layer_groups.{group}.albert_layers.{inner}.{part}");
    LayerNames {
        attention_input: AttentionInput::Apart(
            ["attention.query", "attention.key", "attention.value"].map(name),
        ),
        attention_output: name("attention.dense"),
        attention_norm: name("attention.LayerNorm"),
        intermediate: name("ffn"),
        output: name("ffn_output"),
        output_norm: name("full_layer_layer_norm"),
    }
}

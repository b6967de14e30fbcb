//! The arguments of the architectures of curated transformers, each with the defaults that it has in spaCy.

use ner_config::{Block, Table, Value};
use ner_hub::Family;
use schemars::JsonSchema;
use serde::Deserialize;

/// What the config of any of them says.
#[derive(Debug)]
pub(crate) struct CuratedArguments {
    pub(super) family: Family,
    pub(super) vocab_size: usize,
    pub(super) with_spans: Block,
    pub(super) piece_encoder: Block,
    pub(super) attention_probs_dropout_prob: f64,
    /// `None` for embeddings as wide as the layers.
    pub(super) embedding_width: Option<usize>,
    pub(super) hidden_act: String,
    pub(super) hidden_dropout_prob: f64,
    pub(super) hidden_width: usize,
    pub(super) intermediate_width: usize,
    pub(super) layer_norm_eps: f64,
    pub(super) max_position_embeddings: usize,
    pub(super) model_max_length: usize,
    pub(super) num_attention_heads: usize,
    /// `None` where each layer has weights of its own.
    pub(super) num_hidden_groups: Option<usize>,
    pub(super) num_hidden_layers: usize,
    pub(super) padding_idx: usize,
    pub(super) type_vocab_size: usize,
    pub(super) mixed_precision: bool,
    pub(super) wrapped_listener: Option<Value>,
}

/// A config struct: the arguments in spaCy's order, the defaults by the names of functions. The arguments that ALBERT alone
/// has stand in brackets.
macro_rules! config {
    (
        $(#[$documentation:meta])*
        $name:ident, $family:expr, dropout: $dropout:literal, activation: $activation:literal, epsilon: $epsilon:literal,
        positions: $positions:literal, padding: $padding:literal, types: $types:literal,
        [$($embedding_width:ident)?] [$($num_hidden_groups:ident)?]
    ) => {
        $(#[$documentation])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// Rows of the table of pieces.
            vocab_size: usize,
            /// Windows over the pieces of a document.
            with_spans: Block,
            /// Cuts tokens into pieces.
            piece_encoder: Block,
            /// The share of values that are left out where attention has added them up.
            #[serde(default = $dropout)]
            attention_probs_dropout_prob: f64,
            $(
                /// Width of the embeddings.
                #[serde(default = "embedding_width")]
                $embedding_width: usize,
            )?
            /// The function in the feed-forward part.
            #[serde(default = $activation)]
            hidden_act: String,
            /// The share of values that are left out behind embeddings and layers.
            #[serde(default = $dropout)]
            hidden_dropout_prob: f64,
            /// Width of the layers.
            #[serde(default = "hidden_width")]
            hidden_width: usize,
            /// Width inside of the feed-forward part.
            #[serde(default = "intermediate_width")]
            intermediate_width: usize,
            /// What layer normalisation adds to the variance.
            #[serde(default = $epsilon)]
            layer_norm_eps: f64,
            /// Rows of the table of positions.
            #[serde(default = $positions)]
            max_position_embeddings: usize,
            /// The longest window.
            #[serde(default = "pieces_of_bert")]
            model_max_length: usize,
            /// Heads of attention.
            #[serde(default = "twelve")]
            num_attention_heads: usize,
            $(
                /// Groups of layers with the same weights.
                #[serde(default = "one")]
                $num_hidden_groups: usize,
            )?
            /// Layers.
            #[serde(default = "twelve")]
            num_hidden_layers: usize,
            /// The piece that fills up.
            #[serde(default = $padding)]
            padding_idx: usize,
            /// Rows of the table of types.
            #[serde(default = $types)]
            type_vocab_size: usize,
            /// Compilation by PyTorch; without a meaning here.
            #[serde(default)]
            #[expect(dead_code, reason = "configs of spaCy have it")]
            torchscript: bool,
            /// Half precision where a GPU trains with PyTorch; here everything is computed in single precision.
            #[serde(default)]
            mixed_precision: bool,
            /// Settings of PyTorch for that; without a meaning here.
            #[serde(default)]
            #[expect(dead_code, reason = "configs of spaCy have it")]
            grad_scaler_config: Table,
            /// A listener in place of the encoder, where spaCy replaced the listeners of a component.
            #[serde(default)]
            wrapped_listener: Option<Value>,
        }

        impl From<$name> for CuratedArguments {
            fn from(config: $name) -> CuratedArguments {
                let (embedding_width, num_hidden_groups) = (None::<usize>, None::<usize>);
                $(let embedding_width = embedding_width.or(Some(config.$embedding_width));)?
                $(let num_hidden_groups = num_hidden_groups.or(Some(config.$num_hidden_groups));)?
                CuratedArguments {
                    family: $family,
                    vocab_size: config.vocab_size,
                    with_spans: config.with_spans,
                    piece_encoder: config.piece_encoder,
                    attention_probs_dropout_prob: config.attention_probs_dropout_prob,
                    embedding_width,
                    hidden_act: config.hidden_act,
                    hidden_dropout_prob: config.hidden_dropout_prob,
                    hidden_width: config.hidden_width,
                    intermediate_width: config.intermediate_width,
                    layer_norm_eps: config.layer_norm_eps,
                    max_position_embeddings: config.max_position_embeddings,
                    model_max_length: config.model_max_length,
                    num_attention_heads: config.num_attention_heads,
                    num_hidden_groups,
                    num_hidden_layers: config.num_hidden_layers,
                    padding_idx: config.padding_idx,
                    type_vocab_size: config.type_vocab_size,
                    mixed_precision: config.mixed_precision,
                    wrapped_listener: config.wrapped_listener,
                }
            }
        }
    };
}

config!(
    /// An encoder of the kind of BERT.
    BertTransformerConfig, Family::Bert, dropout: "tenth", activation: "gelu", epsilon: "bert_epsilon",
    positions: "pieces_of_bert", padding: "zero", types: "two", [] []
);

config!(
    /// An encoder of the kind of RoBERTa, XLM-R and CamemBERT.
    RobertaTransformerConfig, Family::Roberta, dropout: "tenth", activation: "gelu", epsilon: "roberta_epsilon",
    positions: "positions_of_roberta", padding: "one", types: "one", [] []
);

config!(
    /// An encoder of the kind of ALBERT.
    AlbertTransformerConfig, Family::Albert, dropout: "none", activation: "gelu_new", epsilon: "bert_epsilon",
    positions: "pieces_of_bert", padding: "zero", types: "two", [embedding_width] [num_hidden_groups]
);

fn tenth() -> f64 {
    0.1
}

fn none() -> f64 {
    0.0
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn gelu_new() -> String {
    "gelu_new".to_owned()
}

fn bert_epsilon() -> f64 {
    1e-12
}

fn roberta_epsilon() -> f64 {
    1e-5
}

fn embedding_width() -> usize {
    128
}

fn hidden_width() -> usize {
    768
}

fn intermediate_width() -> usize {
    3072
}

fn pieces_of_bert() -> usize {
    512
}

/// The first two of its positions are those of padding.
fn positions_of_roberta() -> usize {
    514
}

fn twelve() -> usize {
    12
}

fn zero() -> usize {
    0
}

fn one() -> usize {
    1
}

fn two() -> usize {
    2
}

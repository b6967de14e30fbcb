/// Names of an encoder's weights. Tables are named in full; of layers with weight and bias the name stands here that
/// `.weight` and `.bias` are added to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncoderNames {
    /// The table of pieces.
    pub word_embeddings: &'static str,
    /// The table of positions.
    pub position_embeddings: &'static str,
    /// The table of token types, of which only the first row is used.
    pub token_type_embeddings: Option<&'static str>,
    /// The normalisation of the embeddings.
    pub embeddings_norm: &'static str,
    /// From the width of the embeddings to that of the layers.
    pub projection: Option<&'static str>,
    /// The layers with weights of their own, `n_groups * layers_per_group` of them, group by group.
    pub layers: Vec<LayerNames>,
    /// The layer over the first piece, which no token vector depends on.
    pub pooler: Option<&'static str>,
    /// The order in which PyTorch declares the weights, and thus in which a state has them.
    pub(super) order: Order,
}

/// Names of one layer's weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerNames {
    /// What makes queries, keys and values.
    pub attention_input: AttentionInput,
    /// The linear layer after attention.
    pub attention_output: String,
    /// The normalisation after it.
    pub attention_norm: String,
    /// The first half of the feed-forward part.
    pub intermediate: String,
    /// Its second half.
    pub output: String,
    /// The normalisation after it.
    pub output_norm: String,
}

/// How queries, keys and values are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttentionInput {
    /// Three linear layers: query, key and value.
    Apart([String; 3]),
    /// One linear layer with their rows one after the other.
    Stacked(String),
}

/// The order in which PyTorch declares the weights of an encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As data flows.
    Flow,
    /// The same, but for the last normalisation of each layer, which comes first in it.
    Albert,
    /// Token types before positions, and the projection before the normalisation.
    Curated,
}

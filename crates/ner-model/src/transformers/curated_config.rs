use std::sync::Arc;

use ner_config::{Block, Builder, ConfigError, Kind, Table, Value};
use ner_hub::{Activation, EncoderConfig, EncoderNames, Family};
use schemars::JsonSchema;
use serde::Deserialize;

use super::curated_network::{CuratedNetwork, CuratedParts, CuratedSource};
use super::curated_pieces::{PieceKind, StridedSpans};
use super::transformer_model::TransformerRecipe;
use crate::argument_checks::{check_at_least_one, check_weights};
use crate::{Recipe, SharedKind, TokenVectors};

/// An encoder of curated transformers. What the config leaves out is the encoder's kind's own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CuratedTransformerConfig {
    /// Rows of the table of pieces.
    pub vocab_size: usize,
    /// Windows over the pieces of a document.
    pub with_spans: Block,
    /// Cuts tokens into pieces.
    pub piece_encoder: Block,
    /// Rates of dropout.
    pub attention_probs_dropout_prob: Option<f64>,
    /// Rates of dropout.
    pub hidden_dropout_prob: Option<f64>,
    /// The function in the feed-forward part.
    pub hidden_act: Option<String>,
    /// Width of the layers.
    pub hidden_width: Option<usize>,
    /// Width inside of the feed-forward part.
    pub intermediate_width: Option<usize>,
    /// Width of the embeddings (ALBERT).
    pub embedding_width: Option<usize>,
    /// What layer normalisation adds to the variance.
    pub layer_norm_eps: Option<f64>,
    /// Rows of the table of positions.
    pub max_position_embeddings: Option<usize>,
    /// The longest window.
    pub model_max_length: Option<usize>,
    /// Heads of attention.
    pub num_attention_heads: Option<usize>,
    /// Layers.
    pub num_hidden_layers: Option<usize>,
    /// Groups of layers with the same weights (ALBERT).
    pub num_hidden_groups: Option<usize>,
    /// The piece that fills up.
    pub padding_idx: Option<usize>,
    /// Rows of the table of types.
    pub type_vocab_size: Option<usize>,
    /// Compilation by PyTorch; without a meaning here.
    #[serde(default)]
    #[expect(dead_code, reason = "configs of spaCy have it")]
    pub torchscript: bool,
    /// Half precision where a GPU trains with PyTorch; here everything is computed in single precision.
    #[serde(default)]
    pub mixed_precision: bool,
    /// Settings of PyTorch for that; without a meaning here.
    #[serde(default)]
    #[expect(dead_code, reason = "configs of spaCy have it")]
    pub grad_scaler_config: Table,
    /// A listener in place of the encoder, where spaCy replaced the listeners of a component.
    #[serde(default)]
    pub wrapped_listener: Option<Value>,
}

/// What differs between the kinds: `BertTransformer.v1` and so on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CuratedKind {
    Bert,
    /// RoBERTa, XLM-R and CamemBERT.
    Roberta,
    Albert,
}

/// `spacy-curated-transformers.BertTransformer.v1` and its like.
pub(crate) fn curated_transformer(
    kind: CuratedKind,
    config: CuratedTransformerConfig,
    builder: &Builder<'_>,
) -> Result<TransformerRecipe, ConfigError> {
    if config.wrapped_listener.as_ref().is_some_and(|listener| *listener != Value::Null) {
        let message = "expected null: components whose listeners spaCy replaced by copies of the transformer are not \
                       opened; train with the listener, or source the component with its transformer";
        return Err(builder.invalid("wrapped_listener", message));
    }
    if config.mixed_precision {
        tracing::info!("mixed_precision has no effect: everything is computed in single precision");
    }
    let pieces: PieceKind = builder.build(Kind::Architectures, &config.piece_encoder)?;
    let spans: StridedSpans = builder.build(Kind::Architectures, &config.with_spans)?;
    let longest = config.model_max_length.unwrap_or(512);
    let encoder = sizes(kind, config, builder)?;
    let limit = longest.min(encoder.max_pieces());
    if spans.window > limit {
        let message = format!(
            "found {}, expected at most {limit}, the pieces that the encoder reads at once (model_max_length and \
             max_position_embeddings)",
            spans.window
        );
        return Err(builder.invalid("with_spans.window", message));
    }
    let names = EncoderNames::curated(&encoder).expect("each of the kinds has names");
    let width = encoder.hidden_size;
    let source = Arc::new(CuratedSource::new(CuratedParts { config: encoder, names, pieces, spans }));
    let prepared = source.clone();
    let network =
        Recipe::new(width, move |init| Box::new(CuratedNetwork::new(&source, init)) as Box<dyn TokenVectors>);
    let network = network.with_preparation(move |preparation| prepared.prepare(preparation));
    Ok(TransformerRecipe { network, kind: SharedKind::CuratedTransformer { all_layers: false } })
}

fn sizes(
    kind: CuratedKind,
    config: CuratedTransformerConfig,
    builder: &Builder<'_>,
) -> Result<EncoderConfig, ConfigError> {
    let family = match kind {
        CuratedKind::Bert => Family::Bert,
        CuratedKind::Roberta => Family::Roberta,
        CuratedKind::Albert => Family::Albert,
    };
    let is_albert = family == Family::Albert;
    let is_roberta = family == Family::Roberta;
    if !is_albert {
        for (key, is_there) in [
            ("embedding_width", config.embedding_width.is_some()),
            ("num_hidden_groups", config.num_hidden_groups.is_some()),
        ] {
            if is_there {
                return Err(builder.invalid(key, "only AlbertTransformer.v1 has this key; remove it"));
            }
        }
    }
    let hidden_size = config.hidden_width.unwrap_or(768);
    let n_layers = config.num_hidden_layers.unwrap_or(12);
    let name = config.hidden_act.unwrap_or_else(|| if is_albert { "gelu_new" } else { "gelu" }.to_owned());
    let Some(activation) = Activation::from_name(&name) else {
        let message = format!("found {name:?}, expected \"gelu\", \"gelu_new\", \"relu\" or \"silu\"");
        return Err(builder.invalid("hidden_act", message));
    };
    let dropout = if is_albert { 0.0 } else { 0.1 };
    let encoder = EncoderConfig {
        family,
        vocab_size: config.vocab_size,
        embedding_size: if is_albert { config.embedding_width.unwrap_or(128) } else { hidden_size },
        hidden_size,
        n_layers,
        n_heads: config.num_attention_heads.unwrap_or(12),
        intermediate_size: config.intermediate_width.unwrap_or(3072),
        activation,
        layer_norm_eps: config.layer_norm_eps.unwrap_or(if is_roberta { 1e-5 } else { 1e-12 }),
        max_positions: config.max_position_embeddings.unwrap_or(if is_roberta { 514 } else { 512 }),
        type_vocab_size: config.type_vocab_size.unwrap_or(if is_roberta { 1 } else { 2 }),
        padding_id: config.padding_idx.unwrap_or(usize::from(is_roberta)),
        hidden_dropout: config.hidden_dropout_prob.unwrap_or(dropout),
        attention_dropout: config.attention_probs_dropout_prob.unwrap_or(dropout),
        n_groups: if is_albert { config.num_hidden_groups.unwrap_or(1) } else { n_layers },
        layers_per_group: 1,
    };
    check(&encoder, builder)?;
    Ok(encoder)
}

fn check(encoder: &EncoderConfig, builder: &Builder<'_>) -> Result<(), ConfigError> {
    check_at_least_one(
        builder,
        &[
            ("vocab_size", encoder.vocab_size),
            ("hidden_width", encoder.hidden_size),
            ("intermediate_width", encoder.intermediate_size),
            ("num_attention_heads", encoder.n_heads),
            ("num_hidden_layers", encoder.n_layers),
            ("max_position_embeddings", encoder.max_positions),
            ("type_vocab_size", encoder.type_vocab_size),
            ("embedding_width", encoder.embedding_size),
            ("num_hidden_groups", encoder.n_groups),
        ],
    )?;
    check_weights(builder, "vocab_size", &[encoder.vocab_size, encoder.embedding_size])?;
    check_weights(builder, "intermediate_width", &[encoder.intermediate_size, encoder.hidden_size])?;
    check_weights(builder, "hidden_width", &[3, encoder.hidden_size, encoder.hidden_size])?;
    check_weights(builder, "max_position_embeddings", &[encoder.max_positions, encoder.embedding_size])?;
    if !encoder.hidden_size.is_multiple_of(encoder.n_heads) {
        let message = format!(
            "found {}, expected a number that divides hidden_width = {}",
            encoder.n_heads, encoder.hidden_size
        );
        return Err(builder.invalid("num_attention_heads", message));
    }
    if !encoder.n_layers.is_multiple_of(encoder.n_groups) {
        let message = format!(
            "found {}, expected a number that divides num_hidden_layers = {}",
            encoder.n_groups, encoder.n_layers
        );
        return Err(builder.invalid("num_hidden_groups", message));
    }
    for (key, rate) in [
        ("hidden_dropout_prob", encoder.hidden_dropout),
        ("attention_probs_dropout_prob", encoder.attention_dropout),
    ] {
        if !(0.0..1.0).contains(&rate) {
            return Err(builder.invalid(key, format!("found {rate}, expected at least 0 and less than 1")));
        }
    }
    Ok(())
}

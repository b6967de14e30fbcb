use std::sync::Arc;

use ner_config::{Builder, ConfigError, Kind, Value};
use ner_hub::{Activation, EncoderConfig, EncoderNames};

use super::curated_arguments::CuratedArguments;
use super::curated_network::{CuratedNetwork, CuratedParts, CuratedSource};
use super::curated_pieces::{PieceKind, StridedSpans};
use super::transformer_model::TransformerRecipe;
use crate::argument_checks::{check_at_least_one, check_weights};
use crate::{Recipe, SharedKind, TokenVectors};

/// `spacy-curated-transformers.BertTransformer.v1` and its like.
pub(crate) fn curated_transformer<Config: Into<CuratedArguments>>(
    config: Config,
    builder: &Builder<'_>,
) -> Result<TransformerRecipe, ConfigError> {
    let config: CuratedArguments = config.into();
    if config.wrapped_listener.as_ref().is_some_and(|listener| *listener != Value::Null) {
        let message = "expected null: components whose listeners spaCy replaced by copies of the transformer are not \
                       opened; train with the listener, or source the component with its transformer";
        return Err(builder.invalid("wrapped_listener", message));
    }
    if config.mixed_precision {
        tracing::warn!("mixed_precision has no effect: everything is computed in single precision.");
    }
    let pieces: PieceKind = builder.build(Kind::Architectures, &config.piece_encoder)?;
    let spans: StridedSpans = builder.build(Kind::Architectures, &config.with_spans)?;
    let longest = config.model_max_length;
    let encoder = sizes(config, builder)?;
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

fn sizes(config: CuratedArguments, builder: &Builder<'_>) -> Result<EncoderConfig, ConfigError> {
    let Some(activation) = Activation::from_name(&config.hidden_act) else {
        let message =
            format!("found {:?}, expected \"gelu\", \"gelu_new\", \"relu\" or \"silu\"", config.hidden_act);
        return Err(builder.invalid("hidden_act", message));
    };
    let encoder = EncoderConfig {
        family: config.family,
        vocab_size: config.vocab_size,
        embedding_size: config.embedding_width.unwrap_or(config.hidden_width),
        hidden_size: config.hidden_width,
        n_layers: config.num_hidden_layers,
        n_heads: config.num_attention_heads,
        intermediate_size: config.intermediate_width,
        activation,
        layer_norm_eps: config.layer_norm_eps,
        max_positions: config.max_position_embeddings,
        type_vocab_size: config.type_vocab_size,
        padding_id: config.padding_idx,
        hidden_dropout: config.hidden_dropout_prob,
        attention_dropout: config.attention_probs_dropout_prob,
        n_groups: config.num_hidden_groups.unwrap_or(config.num_hidden_layers),
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

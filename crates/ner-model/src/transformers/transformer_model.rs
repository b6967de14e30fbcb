use std::sync::Arc;

use ner_config::{Block, Builder, ConfigError, Kind, Table, Value};
use ner_pieces::SpanGetter;
use schemars::JsonSchema;
use serde::Deserialize;

use super::hugging_face_network::HuggingFaceNetwork;
use super::hugging_face_source::HuggingFaceSource;
use crate::{Recipe, SharedKind, TokenVectors};

/// An encoder of transformers, with the spans of documents that it reads.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransformerModelConfig {
    /// A folder, or a name that is looked for where encoders are.
    pub name: String,
    /// Cuts documents into what the encoder reads at once.
    pub get_spans: Block,
    /// Settings of the tokenizer in place of those in the encoder's folder.
    #[serde(default)]
    pub tokenizer_config: Table,
    /// Settings of the encoder in place of those in its folder.
    #[serde(default)]
    pub transformer_config: Table,
    /// Half precision where a GPU trains with PyTorch; here everything is computed in single precision.
    #[serde(default)]
    pub mixed_precision: bool,
    /// Settings of PyTorch for that; without a meaning here.
    #[serde(default)]
    #[expect(dead_code, reason = "configs of spaCy have it")]
    pub grad_scaler_config: Table,
}

/// What is needed to make the network of a `transformer` or a `curated_transformer`.
#[derive(Debug)]
pub struct TransformerRecipe {
    /// Makes the network.
    pub network: Recipe<dyn TokenVectors>,
    /// What listeners get of it.
    pub kind: SharedKind,
}

/// `spacy-transformers.TransformerModel.v1`, `.v2` and `.v3`
pub(crate) fn transformer_model(
    config: TransformerModelConfig,
    builder: &Builder<'_>,
) -> Result<TransformerRecipe, ConfigError> {
    let source = Arc::new(source(config, builder)?);
    let prepared = source.clone();
    let network = Recipe::new(1, move |init| {
        let encoder = source.make(init);
        Box::new(HuggingFaceNetwork::new(source.clone(), encoder)) as Box<dyn TokenVectors>
    });
    let network = network.with_preparation(move |preparation| prepared.prepare(preparation));
    Ok(TransformerRecipe { network, kind: SharedKind::Transformer })
}

/// Where the encoder of a block comes from.
pub(super) fn source(
    config: TransformerModelConfig,
    builder: &Builder<'_>,
) -> Result<HuggingFaceSource, ConfigError> {
    let TransformerModelConfig {
        name, get_spans, tokenizer_config, transformer_config, mixed_precision, ..
    } = config;
    let get_spans: SpanGetter = builder.build(Kind::SpanGetters, &get_spans)?;
    if let Some(use_fast) = tokenizer_config.get("use_fast")
        && *use_fast != Value::Bool(true)
    {
        let message = "expected true: the slow tokenizers of transformers are programs in Python, and align tokens \
                       otherwise; remove the key";
        return Err(builder.invalid("tokenizer_config.use_fast", message));
    }
    if mixed_precision {
        tracing::warn!("mixed_precision has no effect: everything is computed in single precision.");
    }
    Ok(HuggingFaceSource::new(name, get_spans, tokenizer_config, transformer_config))
}

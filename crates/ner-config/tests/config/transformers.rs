//! The same for the functions of spacy-transformers and spacy-curated-transformers; and what `spacy init fill-config` adds
//! to configs that name them.

#![expect(dead_code, reason = "only the names, types and defaults of arguments matter here")]

use ner_config::{Block, Document, Kind, Registry, Table, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;
use std::path::Path;

use crate::functions::{config, nothing, one, registry, star};

config!(NoArguments {});
config!(Transformer {
    #[serde(default = "max_batch_items")]
    max_batch_items: usize,
    #[serde(default = "null_annotation_setter")]
    set_extra_annotations: Block,
    #[serde(default = "transformer_model")]
    model: Block,
});
config!(TransformerModel {
    name: String,
    get_spans: Block,
    #[serde(default)]
    tokenizer_config: Table,
    #[serde(default)]
    transformer_config: Table,
    #[serde(default)]
    mixed_precision: bool,
    #[serde(default)]
    grad_scaler_config: Table,
});
config!(StridedSpans { window: usize, stride: usize });
config!(TransformerListener {
    pooling: Block,
    #[serde(default = "one")]
    grad_factor: f64,
    #[serde(default = "star")]
    upstream: String,
});
config!(CuratedTransformer {
    model: Block,
    #[serde(default)]
    frozen: bool,
    #[serde(default)]
    all_layer_outputs: bool,
});
config!(BertTransformer {
    vocab_size: usize, with_spans: Block, piece_encoder: Block,
    #[serde(default = "tenth")] attention_probs_dropout_prob: f64, #[serde(default = "gelu")] hidden_act: String,
    #[serde(default = "tenth")] hidden_dropout_prob: f64, hidden_width: usize, intermediate_width: usize,
    #[serde(default = "eps")] layer_norm_eps: f64, #[serde(default = "longest")] max_position_embeddings: usize,
    #[serde(default = "longest")] model_max_length: usize, #[serde(default = "heads")] num_attention_heads: usize,
    num_hidden_layers: usize, #[serde(default)] padding_idx: usize, #[serde(default = "two")] type_vocab_size: usize,
    #[serde(default)] torchscript: bool, #[serde(default)] mixed_precision: bool,
    #[serde(default)] grad_scaler_config: Table, #[serde(default)] wrapped_listener: Option<Block>,
});
config!(WithStridedSpans {
    #[serde(default = "stride")]
    stride: usize,
    #[serde(default = "window")]
    window: usize,
    #[serde(default = "windows")]
    batch_size: usize,
});
config!(LastTransformerLayerListener {
    width: usize,
    pooling: Block,
    #[serde(default = "star")]
    upstream: String,
    #[serde(default = "one")]
    grad_factor: f64,
});
config!(Named {
    name: String,
    #[serde(default = "main_revision")]
    revision: String
});
config!(Unfreezing { target_pipes: Table });

fn max_batch_items() -> usize {
    4096
}
fn tenth() -> f64 {
    0.1
}
fn gelu() -> String {
    "gelu".to_owned()
}
fn eps() -> f64 {
    1e-12
}
fn longest() -> usize {
    512
}
fn heads() -> usize {
    12
}
fn two() -> usize {
    2
}
fn stride() -> usize {
    96
}
fn window() -> usize {
    128
}
fn windows() -> usize {
    384
}
fn main_revision() -> String {
    "main".to_owned()
}
fn null_annotation_setter() -> Block {
    Block::function(Kind::AnnotationSetters, "spacy-transformers.null_annotation_setter.v1")
}
fn transformer_model() -> Block {
    let spans = Block::function(Kind::SpanGetters, "spacy-transformers.strided_spans.v1");
    let spans = spans.with("window", 128).with("stride", 96);
    let tokenizer_config = Table::from_iter([("use_fast".to_owned(), Value::from(true))]);
    Block::function(Kind::Architectures, "spacy-transformers.TransformerModel.v3")
        .with("name", "roberta-base")
        .with("get_spans", spans.table().clone())
        .with("tokenizer_config", tokenizer_config)
}

pub(crate) fn register(registry: &mut Registry) {
    registry
        .add(Kind::Architectures, "spacy-transformers.TransformerModel.v3", nothing::<TransformerModel>)
        .add(Kind::Architectures, "spacy-transformers.TransformerListener.v1", nothing::<TransformerListener>)
        .add(Kind::SpanGetters, "spacy-transformers.strided_spans.v1", nothing::<StridedSpans>)
        .add(Kind::AnnotationSetters, "spacy-transformers.null_annotation_setter.v1", nothing::<NoArguments>)
        .add(Kind::Layers, "reduce_mean.v1", nothing::<NoArguments>)
        .add(Kind::Architectures, "spacy-curated-transformers.BertTransformer.v1", nothing::<BertTransformer>)
        .add(
            Kind::Architectures,
            "spacy-curated-transformers.BertWordpieceEncoder.v1",
            nothing::<NoArguments>,
        )
        .add(
            Kind::Architectures,
            "spacy-curated-transformers.WithStridedSpans.v1",
            nothing::<WithStridedSpans>,
        )
        .add(
            Kind::Architectures,
            "spacy-curated-transformers.LastTransformerLayerListener.v1",
            nothing::<LastTransformerLayerListener>,
        )
        .add(Kind::ModelLoaders, "spacy-curated-transformers.HFTransformerEncoderLoader.v1", nothing::<Named>)
        .add(Kind::ModelLoaders, "spacy-curated-transformers.HFPieceEncoderLoader.v1", nothing::<Named>)
        .add(
            Kind::Callbacks,
            "spacy-curated-transformers.gradual_transformer_unfreezing.v1",
            nothing::<Unfreezing>,
        )
        .add_component("transformer", &[], nothing::<Transformer>)
        .add_component("curated_transformer", &[], nothing::<CuratedTransformer>);
}

#[test]
fn gaps_around_transformers_are_filled_as_spacy_fills_them() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/config/fill_transformers.jsonl");
    let rows = std::fs::read_to_string(file).unwrap();
    for row in rows.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()) {
        let base = Document::from_cfg_str(row["base"].as_str().unwrap()).unwrap();
        let filled = base.fill(&registry()).unwrap().to_cfg_string().unwrap();
        assert_eq!(filled, row["filled_text"].as_str().unwrap(), "{}", row["name"]);
    }
}

#[test]
fn loaders_are_checked_where_a_component_is_initialised() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/config/fill_transformers.jsonl");
    let rows = std::fs::read_to_string(file).unwrap();
    let row: Json = serde_json::from_str(rows.lines().last().unwrap()).unwrap();
    let base = row["base"].as_str().unwrap().replace("HFPieceEncoderLoader", "HFPieceLoader");
    let error = Document::from_cfg_str(&base).unwrap().fill(&registry()).unwrap_err().to_string();
    assert!(error.contains("initialize.components.transformer.piecer_loader"), "{error}");
    assert!(error.contains("did you mean `spacy-curated-transformers.HFPieceEncoderLoader.v1`"), "{error}");
}

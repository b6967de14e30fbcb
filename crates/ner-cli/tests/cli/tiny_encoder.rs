//! A BERT of a few numbers with the words of [`annotated_lines`](crate::workshop::annotated_lines), and a config for it.

use ner_hub::{EncoderConfig, EncoderNames};
use serde_json::{Value, json};

use crate::workshop::{Workshop, annotated_lines};

/// A name, a shape and the numbers.
pub(crate) type Weight = (String, Vec<usize>, Vec<f32>);

const PIECES: [&str; 40] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "ada", "grace", "alan", "barbara", "edsger", "donald",
    "london", "paris", "oslo", "rome", "vienna", "lives", "in", "it", "rain", "##s", "a", "lot", "there",
    "b", "##b", "c", "##c", "d", "##d", "e", "##e", "f", "##f", "g", "##g", "h", "##h", "##a",
];

pub(crate) fn settings() -> Value {
    json!({
        "model_type": "bert", "vocab_size": PIECES.len(), "hidden_size": 8, "num_attention_heads": 2,
        "num_hidden_layers": 2, "intermediate_size": 16, "max_position_embeddings": 24, "hidden_act": "gelu",
    })
}

/// Numbers that differ and are small, as those of an encoder before its training.
pub(crate) fn weights(settings: &Value) -> Vec<Weight> {
    let config = EncoderConfig::from_json(settings).unwrap();
    let weights = EncoderNames::hugging_face(&config).weights(&config).into_iter().enumerate();
    let weights = weights.map(|(seed, weight)| {
        let n = weight.shape.iter().product::<usize>();
        let number = |index: usize| ((index * 7919 + seed * 104_729) % 1009) as f32 / 1009.0 - 0.5;
        let data = match weight.name.ends_with("LayerNorm.weight") {
            true => vec![1.0; n],
            false => (0..n).map(number).collect(),
        };
        (weight.name, weight.shape, data)
    });
    weights.collect()
}

/// The bytes of a safetensors file; `pack` makes the bytes of a number.
pub(crate) fn safetensors(weights: &[Weight], dtype: &str, pack: impl Fn(f32) -> Vec<u8>) -> Vec<u8> {
    let (mut header, mut numbers) = (serde_json::Map::new(), Vec::new());
    for (name, shape, data) in weights {
        let from = numbers.len();
        data.iter().for_each(|&number| numbers.extend(pack(number)));
        let offsets = [from, numbers.len()];
        header.insert(name.clone(), json!({"dtype": dtype, "shape": shape, "data_offsets": offsets}));
    }
    let header = Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat()
}

pub(crate) fn f32_safetensors(weights: &[Weight]) -> Vec<u8> {
    safetensors(weights, "F32", |number| number.to_le_bytes().to_vec())
}

pub(crate) fn vocab() -> String {
    PIECES.map(|piece| format!("{piece}\n")).concat()
}

/// Writes the folder of the encoder.
pub(crate) fn write(workshop: &Workshop, folder: &str) {
    workshop.write(&format!("{folder}/config.json"), settings().to_string());
    workshop.write(&format!("{folder}/model.safetensors"), f32_safetensors(&weights(&settings())));
    workshop.write(&format!("{folder}/vocab.txt"), vocab());
    workshop.write(
        &format!("{folder}/tokenizer_config.json"),
        r#"{"do_lower_case": true, "model_max_length": 24}"#,
    );
}

/// Trains a `transformer` and a recogniser for four steps.
pub(crate) const CONFIG: &str = r#"
[nlp]
lang = "en"
pipeline = ["transformer", "ner"]

[components]

[components.transformer]
factory = "transformer"

[components.transformer.model]
@architectures = "spacy-transformers.TransformerModel.v3"
name = "encoders/tiny"

[components.transformer.model.get_spans]
@span_getters = "spacy-transformers.strided_spans.v1"
window = 8
stride = 6

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
hidden_width = 16
use_upper = false

[components.ner.model.tok2vec]
@architectures = "spacy-transformers.TransformerListener.v1"

[components.ner.model.tok2vec.pooling]
@layers = "reduce_mean.v1"

[training]
gpu_allocator = "pytorch"
max_steps = 4
eval_frequency = 2

[training.optimizer]
@optimizers = "Adam.v1"
use_averages = false
learn_rate = 0.01

[paths]
train = "train.jsonl"
dev = "train.jsonl"
"#;

/// The same with a `curated_transformer`.
pub(crate) fn curated_config() -> String {
    let head = CONFIG.split("[components.transformer]").next().unwrap();
    let ner = &CONFIG[CONFIG.find("[components.ner]").unwrap()..];
    let ner = ner.replace(
        "@architectures = \"spacy-transformers.TransformerListener.v1\"",
        "@architectures = \"spacy-curated-transformers.LastTransformerLayerListener.v1\"\nwidth = 8",
    );
    format!("{head}{CURATED}\n{ner}")
}

const CURATED: &str = r#"[components.transformer]
factory = "curated_transformer"

[components.transformer.model]
@architectures = "spacy-curated-transformers.BertTransformer.v1"
vocab_size = 40
hidden_width = 8
intermediate_width = 16
num_attention_heads = 2
num_hidden_layers = 2
max_position_embeddings = 24
model_max_length = 24

[components.transformer.model.piece_encoder]
@architectures = "spacy-curated-transformers.BertWordpieceEncoder.v1"

[components.transformer.model.with_spans]
@architectures = "spacy-curated-transformers.WithStridedSpans.v1"
window = 16
stride = 12

[initialize]

[initialize.components]

[initialize.components.transformer]

[initialize.components.transformer.encoder_loader]
@model_loaders = "spacy-curated-transformers.HFTransformerEncoderLoader.v1"
name = "encoders/tiny"

[initialize.components.transformer.piecer_loader]
@model_loaders = "spacy-curated-transformers.WordpieceLoader.v1"
path = "encoders/tiny/vocab.txt"
lowercase = true
"#;

/// A folder with the encoder, configs for it and documents to learn from.
pub(crate) fn workshop() -> Workshop {
    let workshop = Workshop::new();
    write(&workshop, "encoders/tiny");
    workshop.write("config.cfg", CONFIG);
    workshop.write("curated.cfg", curated_config());
    workshop.write("train.jsonl", annotated_lines());
    workshop
}

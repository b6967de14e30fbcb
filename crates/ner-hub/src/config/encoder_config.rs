use serde_json::{Value, json};

use super::Family;
use super::family::{Defaults, MODEL_TYPES};
use super::settings::{BROKEN, Settings};
use crate::HubError;

/// The sizes and constants of an encoder.
#[derive(Clone, Debug, PartialEq)]
pub struct EncoderConfig {
    /// What it computes, and how its weights are named.
    pub family: Family,
    /// Rows of the table of pieces.
    pub vocab_size: usize,
    /// Width of the embeddings; where it differs from `hidden_size`, they are projected.
    pub embedding_size: usize,
    /// Width of each layer's input and output.
    pub hidden_size: usize,
    /// Layers that a piece goes through, those used several times counted each time; with ALBERT's
    /// `inner_group_num`, each of them is that many.
    pub n_layers: usize,
    /// Heads of attention; they divide `hidden_size`.
    pub n_heads: usize,
    /// Width inside of the feed-forward part of a layer.
    pub intermediate_size: usize,
    /// The function in the feed-forward part.
    pub activation: Activation,
    /// What layer normalisation adds to the variance.
    pub layer_norm_eps: f64,
    /// Rows of the table of positions; see [`EncoderConfig::max_pieces`].
    pub max_positions: usize,
    /// Rows of the table of token types; 0 if there is none.
    pub type_vocab_size: usize,
    /// The id of the padding piece, which gets no gradient.
    pub padding_id: usize,
    /// Dropout of embeddings and of each half of a layer.
    pub hidden_dropout: f64,
    /// Dropout of the attention's weights.
    pub attention_dropout: f64,
    /// How many different sets of weights the `n_layers` layers have: layer `i` uses set `i * n_groups / n_layers`.
    /// As many as layers but for ALBERT.
    pub n_groups: usize,
    /// Layers of each group (`inner_group_num`): 1 but for ALBERT.
    pub layers_per_group: usize,
}

/// The function in the feed-forward part of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `x * Phi(x)`, with the error function (Hendrycks and Gimpel, 2016).
    Gelu,
    /// The same with a hyperbolic tangent in place of the error function.
    GeluNew,
    /// `max(x, 0)`.
    Relu,
    /// `x * sigmoid(x)`.
    Silu,
}

impl Activation {
    /// The function that `transformers` knows by this name; `None` for functions that are not computed here.
    pub fn from_name(name: &str) -> Option<Activation> {
        match name {
            "gelu" | "gelu_python" => Some(Activation::Gelu),
            "gelu_new" | "gelu_pytorch_tanh" => Some(Activation::GeluNew),
            "relu" => Some(Activation::Relu),
            "silu" | "swish" => Some(Activation::Silu),
            _ => None,
        }
    }
}

/// Deeper than any encoder of these families; each layer has a line of names.
const MAX_LAYERS: usize = 1024;

const OTHER_ENCODER: &str = "choose an encoder of one of these kinds";

impl EncoderConfig {
    /// Reads the settings of a `config.json`. What it leaves out is what `transformers` takes it to be.
    ///
    /// # Errors
    /// If the encoder is of another kind or computes what is not computed here, or if its sizes do not fit together.
    pub fn from_json(config: &Value) -> Result<EncoderConfig, HubError> {
        let settings = Settings::new(config)?;
        let defaults = defaults(&settings)?;
        refuse_unknown_computations(&settings)?;
        let config = match defaults.family {
            Family::DistilBert => distilbert(&settings, defaults)?,
            _ => bert_like(&settings, defaults)?,
        };
        config.check(&settings)?;
        Ok(config)
    }

    /// The longest window of pieces that the table of positions has rows for, special pieces included.
    pub fn max_pieces(&self) -> usize {
        match self.family {
            Family::Roberta => self.max_positions.saturating_sub(self.padding_id + 1),
            _ => self.max_positions,
        }
    }

    /// The layers with weights of their own: group, and place within the group.
    pub fn groups(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let layers_per_group = self.layers_per_group;
        (0..self.n_groups).flat_map(move |group| (0..layers_per_group).map(move |inner| (group, inner)))
    }

    fn check(&self, settings: &Settings<'_>) -> Result<(), HubError> {
        let [heads, layers] = match self.family {
            Family::DistilBert => [
                settings.key_of("n_heads", "num_attention_heads"),
                settings.key_of("n_layers", "num_hidden_layers"),
            ],
            _ => ["num_attention_heads", "num_hidden_layers"],
        };
        if !self.hidden_size.is_multiple_of(self.n_heads) {
            let expected = format!("a divisor of the width {}", self.hidden_size);
            return Err(settings.wrong(heads, expected, BROKEN));
        }
        // With as many groups as layers at most, this bounds the number of names, too.
        if self.n_layers.saturating_mul(self.layers_per_group) > MAX_LAYERS {
            return Err(settings.wrong(layers, format!("at most {MAX_LAYERS} layers"), BROKEN));
        }
        if !self.n_layers.is_multiple_of(self.n_groups) {
            let expected = format!("a divisor of the {} layers", self.n_layers);
            return Err(settings.wrong("num_hidden_groups", expected, BROKEN));
        }
        if self.padding_id >= self.vocab_size {
            let expected = format!("one of the {} pieces", self.vocab_size);
            return Err(settings.wrong("pad_token_id", expected, BROKEN));
        }
        if self.max_pieces() == 0 {
            let expected = "more positions than the padding piece's id";
            return Err(settings.wrong("max_position_embeddings", expected, BROKEN));
        }
        Ok(())
    }
}

fn defaults(settings: &Settings<'_>) -> Result<&'static Defaults, HubError> {
    let name = settings.text("model_type", "")?;
    let found = MODEL_TYPES.iter().find(|(model_type, _)| *model_type == name);
    found.map(|(_, defaults)| defaults).ok_or_else(|| {
        let names: Vec<_> = MODEL_TYPES.iter().map(|(model_type, _)| *model_type).collect();
        settings.wrong("model_type", names.join(", "), OTHER_ENCODER)
    })
}

/// Settings that change what is computed, in ways that no encoder in use needs.
fn refuse_unknown_computations(settings: &Settings<'_>) -> Result<(), HubError> {
    let absolute = "relative positions are not computed; choose an encoder with absolute ones";
    settings.refuse("position_embedding_type", &[json!("absolute")], absolute)?;
    let decoder = "a decoder sees no tokens to the right; choose an encoder";
    settings.refuse("is_decoder", &[json!(false)], decoder)?;
    settings.refuse("add_cross_attention", &[json!(false)], decoder)?;
    let pruned = "load the encoder with transformers, and save it without pruned heads";
    settings.refuse("pruned_heads", &[json!({})], pruned)?;
    settings.refuse("quantization_config", &[], "use the encoder's files with f32, f16 or bf16 weights")
}

fn bert_like(settings: &Settings<'_>, defaults: &Defaults) -> Result<EncoderConfig, HubError> {
    let hidden_size = settings.size("hidden_size", defaults.hidden_size)?;
    let n_layers = settings.size("num_hidden_layers", defaults.n_layers)?;
    let embedding_size = match defaults.embedding_size {
        Some(size) => settings.size("embedding_size", size)?,
        None => hidden_size,
    };
    let (n_groups, layers_per_group) = match defaults.family {
        Family::Albert => (settings.size("num_hidden_groups", 1)?, settings.size("inner_group_num", 1)?),
        _ => (n_layers, 1),
    };
    Ok(EncoderConfig {
        family: defaults.family,
        vocab_size: settings.size("vocab_size", defaults.vocab_size)?,
        embedding_size,
        hidden_size,
        n_layers,
        n_heads: settings.size("num_attention_heads", defaults.n_heads)?,
        intermediate_size: settings.size("intermediate_size", defaults.intermediate_size)?,
        activation: activation(settings, "hidden_act", defaults)?,
        layer_norm_eps: settings.number("layer_norm_eps", 1e-12)?,
        max_positions: settings.size("max_position_embeddings", 512)?,
        type_vocab_size: settings.size("type_vocab_size", defaults.type_vocab_size)?,
        padding_id: settings.size_or_zero("pad_token_id", defaults.padding_id)?,
        hidden_dropout: settings.rate("hidden_dropout_prob", defaults.dropout)?,
        attention_dropout: settings.rate("attention_probs_dropout_prob", defaults.dropout)?,
        n_groups,
        layers_per_group,
    })
}

/// DistilBERT has names of its own, and understands BERT's for some of its settings.
fn distilbert(settings: &Settings<'_>, defaults: &Defaults) -> Result<EncoderConfig, HubError> {
    let hidden_size = settings.size(settings.key_of("dim", "hidden_size"), defaults.hidden_size)?;
    let n_layers = settings.size(settings.key_of("n_layers", "num_hidden_layers"), defaults.n_layers)?;
    Ok(EncoderConfig {
        family: defaults.family,
        vocab_size: settings.size("vocab_size", defaults.vocab_size)?,
        embedding_size: hidden_size,
        hidden_size,
        n_layers,
        n_heads: settings.size(settings.key_of("n_heads", "num_attention_heads"), defaults.n_heads)?,
        intermediate_size: settings.size("hidden_dim", defaults.intermediate_size)?,
        activation: activation(settings, "activation", defaults)?,
        // A constant of the code, not a setting (transformers/models/distilbert/modeling_distilbert.py).
        layer_norm_eps: 1e-12,
        max_positions: settings.size("max_position_embeddings", 512)?,
        type_vocab_size: 0,
        padding_id: settings.size_or_zero("pad_token_id", defaults.padding_id)?,
        hidden_dropout: settings.rate("dropout", defaults.dropout)?,
        attention_dropout: settings.rate("attention_dropout", defaults.dropout)?,
        n_groups: n_layers,
        layers_per_group: 1,
    })
}

fn activation(settings: &Settings<'_>, key: &str, defaults: &Defaults) -> Result<Activation, HubError> {
    let name = settings.text(key, defaults.activation)?;
    Activation::from_name(name).ok_or_else(|| {
        settings.wrong(key, "gelu, gelu_new, relu or silu", "choose an encoder with one of them")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(config: Value) -> EncoderConfig {
        EncoderConfig::from_json(&config).unwrap()
    }

    #[test]
    fn what_is_left_out_is_what_transformers_takes_it_to_be() {
        let bert = read(json!({"model_type": "bert"}));
        assert_eq!(
            (bert.vocab_size, bert.hidden_size, bert.embedding_size, bert.n_groups),
            (30522, 768, 768, 12)
        );
        assert_eq!((bert.activation, bert.hidden_dropout, bert.max_pieces()), (Activation::Gelu, 0.1, 512));
        let roberta = read(json!({"model_type": "roberta", "max_position_embeddings": 514}));
        assert_eq!((roberta.vocab_size, roberta.padding_id, roberta.max_pieces()), (50265, 1, 512));
        let distilbert = read(json!({"model_type": "distilbert", "hidden_size": 96, "n_heads": 4}));
        assert_eq!((distilbert.hidden_size, distilbert.n_layers, distilbert.type_vocab_size), (96, 6, 0));
        let electra = read(json!({"model_type": "electra"}));
        assert_eq!((electra.embedding_size, electra.hidden_size, electra.n_heads), (128, 256, 4));
        let albert = read(json!({"model_type": "albert"}));
        assert_eq!((albert.hidden_size, albert.n_layers, albert.n_groups), (4096, 12, 1));
        assert_eq!((albert.activation, albert.attention_dropout), (Activation::GeluNew, 0.0));
    }

    #[track_caller]
    fn check_refused(config: Value, expected: &str) {
        assert_eq!(EncoderConfig::from_json(&config).unwrap_err().to_string(), expected);
    }

    #[test]
    fn what_is_not_computed_here_is_refused() {
        let kinds = "expected bert, roberta, xlm-roberta, camembert, distilbert, electra, albert: choose an encoder of \
                     one of these kinds";
        check_refused(json!({"model_type": "deberta"}), &format!("model_type: found \"deberta\", {kinds}"));
        check_refused(json!({}), &format!("model_type: found nothing, {kinds}"));
        check_refused(
            json!({"model_type": "bert", "hidden_act": "mish"}),
            "hidden_act: found \"mish\", expected gelu, gelu_new, relu or silu: choose an encoder with one of them",
        );
        check_refused(
            json!({"model_type": "bert", "position_embedding_type": "relative_key"}),
            "position_embedding_type: found \"relative_key\", expected \"absolute\": relative positions are not computed; \
             choose an encoder with absolute ones",
        );
        check_refused(
            json!({"model_type": "bert", "is_decoder": true}),
            "is_decoder: found true, expected false: a decoder sees no tokens to the right; choose an encoder",
        );
        check_refused(
            json!({"model_type": "bert", "pruned_heads": {"0": [1]}}),
            "pruned_heads: found {\"0\":[1]}, expected {}: load the encoder with transformers, and save it without \
             pruned heads",
        );
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        for (key, value, expected) in [
            ("num_attention_heads", json!(7), "a divisor of the width 768"),
            ("hidden_size", json!(0), "a whole number of 1 or more"),
            ("hidden_size", json!(-1), "a whole number of 1 or more"),
            ("vocab_size", json!(1_u64 << 60), "a whole number of 1 or more"),
            ("vocab_size", json!("many"), "a whole number of 1 or more"),
            ("num_hidden_layers", json!(100_000), "at most 1024 layers"),
            ("pad_token_id", json!(30522), "one of the 30522 pieces"),
            ("hidden_dropout_prob", json!(1.5), "a rate from 0 to below 1"),
            ("layer_norm_eps", json!(-1), "a number that is not negative"),
        ] {
            check_refused(
                json!({"model_type": "bert", key: value}),
                &format!("{key}: found {value}, expected {expected}: {BROKEN}"),
            );
        }
        check_refused(
            json!({"model_type": "albert", "num_hidden_groups": 5}),
            &format!("num_hidden_groups: found 5, expected a divisor of the 12 layers: {BROKEN}"),
        );
        let list = EncoderConfig::from_json(&json!([])).unwrap_err().to_string();
        assert!(list.starts_with("found [], expected the settings"), "{list}");
    }
}

/// Encoders that compute alike, and whose weights are named alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// BERT (Devlin et al., 2019).
    Bert,
    /// RoBERTa (Liu et al., 2019), and XLM-R and CamemBERT, which differ from it in their pieces alone. Positions are
    /// counted from `padding_id + 1` on.
    Roberta,
    /// DistilBERT (Sanh et al., 2019): no token types, no pooler.
    DistilBert,
    /// ELECTRA's discriminator (Clark et al., 2020): narrow embeddings may be projected; no pooler.
    Electra,
    /// ALBERT (Lan et al., 2020): narrow embeddings are projected, and layers are used several times.
    Albert,
}

impl Family {
    /// Whether checkpoints have a pooler: a layer over the first piece, which no token vector depends on.
    pub fn has_pooler(self) -> bool {
        matches!(self, Family::Bert | Family::Roberta | Family::Albert)
    }
}

/// What `transformers` takes a setting to be that `config.json` leaves out.
pub(super) struct Defaults {
    pub(super) family: Family,
    pub(super) vocab_size: usize,
    /// `None`: as wide as the layers.
    pub(super) embedding_size: Option<usize>,
    pub(super) hidden_size: usize,
    pub(super) n_layers: usize,
    pub(super) n_heads: usize,
    pub(super) intermediate_size: usize,
    pub(super) activation: &'static str,
    pub(super) dropout: f64,
    pub(super) type_vocab_size: usize,
    pub(super) padding_id: usize,
}

const BERT: Defaults = Defaults {
    family: Family::Bert,
    vocab_size: 30522,
    embedding_size: None,
    hidden_size: 768,
    n_layers: 12,
    n_heads: 12,
    intermediate_size: 3072,
    activation: "gelu",
    dropout: 0.1,
    type_vocab_size: 2,
    padding_id: 0,
};

const ROBERTA: Defaults = Defaults { family: Family::Roberta, vocab_size: 50265, padding_id: 1, ..BERT };
// The vocabularies of the real models are larger, and their files say so.
const XLM_ROBERTA: Defaults = Defaults { vocab_size: 30522, ..ROBERTA };

/// The values of `model_type`, and what each stands for (transformers/models/*/configuration_*.py, 4.53).
pub(super) const MODEL_TYPES: [(&str, Defaults); 7] = [
    ("bert", BERT),
    ("roberta", ROBERTA),
    ("xlm-roberta", XLM_ROBERTA),
    ("camembert", XLM_ROBERTA),
    ("distilbert", Defaults { family: Family::DistilBert, n_layers: 6, type_vocab_size: 0, ..BERT }),
    (
        "electra",
        Defaults {
            family: Family::Electra,
            embedding_size: Some(128),
            hidden_size: 256,
            n_heads: 4,
            intermediate_size: 1024,
            ..BERT
        },
    ),
    (
        "albert",
        Defaults {
            family: Family::Albert,
            vocab_size: 30000,
            embedding_size: Some(128),
            hidden_size: 4096,
            n_heads: 64,
            intermediate_size: 16384,
            activation: "gelu_new",
            dropout: 0.0,
            ..BERT
        },
    ),
];

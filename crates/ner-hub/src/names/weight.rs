use super::encoder_names::Order;
use super::{AttentionInput, EncoderNames, LayerNames};
use crate::EncoderConfig;

/// A weight that an encoder has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Its name.
    pub name: String,
    /// Its shape, that of linear layers `[output, input]`.
    pub shape: Vec<usize>,
    /// Whether no token vector depends on it: the pooler, which many checkpoints lack.
    pub is_pooler: bool,
}

impl EncoderNames {
    /// All weights with their shapes, in PyTorch's order.
    pub fn weights(&self, config: &EncoderConfig) -> Vec<Weight> {
        let mut list = List(Vec::new());
        let (width, narrow) = (config.hidden_size, config.embedding_size);
        let is_curated = self.order == Order::Curated;
        list.table(self.word_embeddings, [config.vocab_size, narrow]);
        let positions = (Some(self.position_embeddings), config.max_positions);
        let types = (self.token_type_embeddings, config.type_vocab_size);
        for (name, rows) in if is_curated { [types, positions] } else { [positions, types] } {
            name.into_iter().for_each(|name| list.table(name, [rows, narrow]));
        }
        if is_curated {
            self.projection.into_iter().for_each(|name| list.linear(name, width, narrow));
        }
        list.norm(self.embeddings_norm, narrow);
        if !is_curated {
            self.projection.into_iter().for_each(|name| list.linear(name, width, narrow));
        }
        self.layers.iter().for_each(|layer| list.layer(layer, self.order, config));
        self.pooler.into_iter().for_each(|name| list.pooler(name, width));
        list.0
    }
}

struct List(Vec<Weight>);

impl List {
    fn layer(&mut self, layer: &LayerNames, order: Order, config: &EncoderConfig) {
        let (width, wide) = (config.hidden_size, config.intermediate_size);
        if order == Order::Albert {
            self.norm(&layer.output_norm, width);
        }
        match &layer.attention_input {
            AttentionInput::Apart(names) => names.iter().for_each(|name| self.linear(name, width, width)),
            AttentionInput::Stacked(name) => self.linear(name, 3 * width, width),
        }
        self.linear(&layer.attention_output, width, width);
        self.norm(&layer.attention_norm, width);
        self.linear(&layer.intermediate, wide, width);
        self.linear(&layer.output, width, wide);
        if order != Order::Albert {
            self.norm(&layer.output_norm, width);
        }
    }

    fn table(&mut self, name: &str, shape: [usize; 2]) {
        self.push(name.to_owned(), shape.to_vec());
    }

    fn linear(&mut self, name: &str, output: usize, input: usize) {
        self.push(format!("{name}.weight"), vec![output, input]);
        self.push(format!("{name}.bias"), vec![output]);
    }

    fn norm(&mut self, name: &str, width: usize) {
        self.push(format!("{name}.weight"), vec![width]);
        self.push(format!("{name}.bias"), vec![width]);
    }

    fn pooler(&mut self, name: &str, width: usize) {
        self.linear(name, width, width);
        self.0.iter_mut().rev().take(2).for_each(|weight| weight.is_pooler = true);
    }

    fn push(&mut self, name: String, shape: Vec<usize>) {
        self.0.push(Weight { name, shape, is_pooler: false });
    }
}

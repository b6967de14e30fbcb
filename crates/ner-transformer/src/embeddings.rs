use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use ner_hub::{EncoderConfig, Family};
use ner_layers::{Init, LayerNorm, Linear, RowSums, Table};

use crate::dropout::{Dropout, Place};
use crate::layer::{drop, linear, normalise, zeros};

/// What a piece is before any layer: its own vector, that of its position and that of the first type, added up and
/// normalised.
#[derive(Module, Debug)]
pub struct Embeddings {
    /// `[pieces, width]`
    pub words: Table,
    /// `[positions, width]`
    pub positions: Param<Tensor<2>>,
    /// `[types, width]`; all pieces are of the first.
    pub types: Option<Param<Tensor<2>>>,
    /// The normalisation of the sum.
    pub norm: LayerNorm,
    /// From the width of the embeddings to that of the layers.
    pub projection: Option<Linear>,
}

impl Embeddings {
    /// Embeddings whose weights are zeros, to be replaced.
    pub(crate) fn zeros(config: &EncoderConfig, is_projected: bool, init: &Init<'_>) -> Embeddings {
        let width = config.embedding_size;
        Embeddings {
            words: Table::new(zeros([config.vocab_size, width], init)),
            positions: zeros([config.max_positions, width], init),
            types: (config.type_vocab_size > 0).then(|| zeros([config.type_vocab_size, width], init)),
            norm: LayerNorm::init(width, init),
            projection: is_projected.then(|| Linear::zeros(config.hidden_size, width, init)),
        }
    }

    /// `[pieces, width]`. With `fixes_padding`, the rows of the padding piece learn nothing.
    pub(crate) fn forward(
        &self,
        ids: &[u32],
        positions: &[u32],
        config: &EncoderConfig,
        fixes_padding: bool,
        dropout: Option<Dropout>,
    ) -> Tensor<2> {
        let words = self.words.sums(RowSums::copies(ids.to_vec()));
        let places = self.positions.val();
        let mut sum = words;
        if let Some(types) = &self.types {
            let width = config.embedding_size;
            sum = sum + types.val().slice([0..1, 0..width]);
        }
        sum = sum + RowSums::copies(positions.to_vec()).forward(places);
        let sum = if fixes_padding { without_gradient_of_padding(sum, ids, config) } else { sum };
        let rows = normalise(sum, (self.norm.gain.val(), self.norm.bias.val()), config.layer_norm_eps as f32);
        let rows = drop(rows, Place::Embeddings, dropout);
        match &self.projection {
            Some(projection) => linear(rows, (projection.weight.val(), projection.bias.val())),
            None => rows,
        }
    }
}

/// The same rows, of which those of the padding piece learn nothing: PyTorch's embeddings leave its row alone. It occurs in
/// a text that spells it out.
fn without_gradient_of_padding(rows: Tensor<2>, ids: &[u32], config: &EncoderConfig) -> Tensor<2> {
    let is_padding = |id: &u32| *id as usize == config.padding_id;
    if !rows.is_autodiff() || !ids.iter().any(is_padding) {
        return rows;
    }
    let learns: Vec<f32> = ids.iter().map(|id| if is_padding(id) { 0.0 } else { 1.0 }).collect();
    let learns = Tensor::<2>::from_data(TensorData::new(learns, [ids.len(), 1]), &rows.device());
    let fixed = rows.clone().detach() * (-learns.clone() + 1.0);
    rows * learns + fixed
}

/// The row of the table of positions for each piece of windows of these lengths.
pub(crate) fn positions(ids: &[u32], lengths: &[usize], config: &EncoderConfig) -> Vec<u32> {
    let mut positions = Vec::with_capacity(ids.len());
    let mut rest = ids;
    for &length in lengths {
        let (window, others) = rest.split_at(length);
        rest = others;
        if config.family == Family::Roberta {
            let padding = config.padding_id as u32;
            let mut next = padding;
            positions.extend(window.iter().map(|&id| {
                // spaCy: a padding piece that a text spells out has the position of padding (transformers,
                // modeling_roberta.py).
                if id == padding {
                    return padding;
                }
                next += 1;
                next
            }));
        } else {
            positions.extend(0..length as u32);
        }
    }
    positions
}

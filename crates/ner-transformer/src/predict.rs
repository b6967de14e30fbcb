use std::borrow::Cow;

use burn::tensor::{Device, Tensor, TensorData};

use crate::Encoder;
use crate::embeddings::positions;
use crate::encoder::shape;
use crate::fused::operations::{is_available, numbers};
use crate::kernel::embed::{Tables, project};
use crate::kernel::forward::forward;
use crate::kernel::weights::{Norm, PackedLayer};
use crate::kernel::windows::Windows;
use crate::packed_layers::primitive;

/// Rows that go through all layers before the next ones: what a layer takes and gives is a few megabytes, however long a
/// document is.
const ROWS_AT_ONCE: usize = 4096;

impl Encoder {
    /// [`Encoder::forward`] in prediction on the CPU. `None` if the encoder is on another device.
    pub(crate) fn predict(&self, ids: &[u32], lengths: &[usize], all_layers: bool) -> Option<Vec<Tensor<2>>> {
        let device = self.device();
        if !is_available(&device) {
            return None;
        }
        let packed = self.packed_layers();
        let n_outputs = if all_layers { self.order().count() + 1 } else { 1 };
        let mut outputs = vec![Vec::new(); n_outputs];
        let (mut ids, mut lengths) = (ids, lengths);
        while !lengths.is_empty() {
            let n_windows = windows_at_once(lengths);
            let (first, others) = lengths.split_at(n_windows);
            let (first_ids, other_ids) = ids.split_at(first.iter().sum());
            predict_windows(self, packed, first_ids, first, &mut outputs);
            (ids, lengths) = (other_ids, others);
        }
        let width = self.config().hidden_size;
        Some(outputs.into_iter().map(|output| tensor(output, width, &device)).collect())
    }
}

/// How many of the windows go through the layers together.
fn windows_at_once(lengths: &[usize]) -> usize {
    let mut n_rows = 0;
    let fits = |length: &&usize| {
        n_rows += **length;
        n_rows <= ROWS_AT_ONCE
    };
    lengths.iter().take_while(fits).count().max(1)
}

/// Adds the rows of some windows to the outputs: to that of the last layer, or to all.
fn predict_windows(
    encoder: &Encoder,
    packed: &[PackedLayer],
    ids: &[u32],
    lengths: &[usize],
    outputs: &mut [Vec<f32>],
) {
    let (windows, shape) = (Windows::new(lengths), shape(encoder.config()));
    let mut x = embed(encoder, ids, lengths);
    let (last, inner) = outputs.split_last_mut().expect("there is an output");
    let mut inner = inner.iter_mut();
    for layer in encoder.order() {
        if let Some(output) = inner.next() {
            output.extend_from_slice(&x);
        }
        x = forward(&packed[layer], &shape, &windows, &x);
    }
    last.extend_from_slice(&x);
}

fn embed(encoder: &Encoder, ids: &[u32], lengths: &[usize]) -> Vec<f32> {
    let (config, embeddings) = (encoder.config(), encoder.embeddings());
    let width = config.embedding_size;
    let words = primitive(embeddings.words.weight.val());
    let places = primitive(embeddings.positions.val());
    let types = embeddings.types.as_ref().map(|types| primitive(types.val()));
    let types = types.as_ref().map_or(Cow::Borrowed(&[][..]), numbers);
    let [gain, shift] =
        [&embeddings.norm.gain, &embeddings.norm.bias].map(|weights| primitive(weights.val()));
    let tables = Tables {
        words: &numbers(&words),
        positions: &numbers(&places),
        kind: &types[..width.min(types.len())],
        norm: Norm { gain: numbers(&gain), shift: numbers(&shift) },
        epsilon: config.layer_norm_eps as f32,
    };
    let rows = tables.embed(ids, &positions(ids, lengths, config));
    match &embeddings.projection {
        None => rows,
        Some(projection) => {
            let [weight, bias] = [primitive(projection.weight.val()), primitive(projection.bias.val())];
            project(&rows, &numbers(&weight), &numbers(&bias))
        }
    }
}

fn tensor(numbers: Vec<f32>, width: usize, device: &Device) -> Tensor<2> {
    let n_rows = numbers.len() / width;
    Tensor::from_data(TensorData::new(numbers, [n_rows, width]), device)
}

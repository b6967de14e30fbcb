use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::{Mode, RaggedRows, Reduce};
use ner_optim::ParameterRole;
use ner_pieces::{Pieces, PiecesError, SpanGetter};
use ner_thinc::{Array, Layer};
use ner_transformer::{Encoder, Pass, Precision};

use super::encoder_weights::{parameter, parameters_mut};
use super::hugging_face_source::{HuggingFaceParts, HuggingFaceSource, WRAPPER};
use crate::{LayerTree, Parameter, SharedRows, TokenVectors};

/// A network of spacy-transformers: an encoder, and the pieces that it reads.
#[derive(Debug)]
pub(super) struct HuggingFaceNetwork {
    source: Arc<HuggingFaceSource>,
    /// `None` until an encoder was found.
    encoder: Option<(Encoder, Arc<HuggingFaceParts>)>,
}

impl HuggingFaceNetwork {
    pub(super) fn new(
        source: Arc<HuggingFaceSource>,
        encoder: Option<(Encoder, Arc<HuggingFaceParts>)>,
    ) -> HuggingFaceNetwork {
        HuggingFaceNetwork { source, encoder }
    }

    fn pieces(&self, docs: &[&Doc]) -> Result<Pieces, PiecesError> {
        match &self.encoder {
            Some((_, parts)) => parts.tokenizer.pieces(docs, self.source.get_spans),
            None => Ok(Pieces::default()),
        }
    }

    /// Whether windows may hold more pieces than the encoder has positions for.
    fn may_be_too_long(&self, parts: &HuggingFaceParts) -> bool {
        parts.tokenizer.max_length().is_none_or(|length| length > parts.config.max_pieces())
    }
}

/// How an encoder runs in a mode.
pub(super) fn pass(mode: &mut Mode<'_>) -> Pass {
    match mode {
        Mode::Predict => Pass::Predict,
        Mode::Train { seeds, .. } => Pass::Train { seed: seeds.draw() },
    }
}

/// Rows of tokens as pooling takes them.
pub(super) fn ragged(rows: ner_pieces::RaggedRows) -> Arc<RaggedRows> {
    Arc::new(RaggedRows { starts: rows.starts, rows: rows.rows })
}

impl TokenVectors for HuggingFaceNetwork {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let shared = self.share(docs, mode);
        shared.pool(shared.last().clone(), Reduce::Mean)
    }

    fn share(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> SharedRows {
        let (encoder, _) = self.encoder.as_ref().expect("a network runs once it was initialised or loaded");
        let pieces = self.pieces(docs).unwrap_or_else(|error| {
            // `check` has refused what is known to go wrong.
            tracing::warn!("{error}; the documents of the batch get vectors of zeros");
            let n_tokens = docs.iter().map(|doc| doc.len()).sum::<usize>();
            let tokens = ner_pieces::RaggedRows { starts: vec![0; n_tokens + 1], rows: Vec::new() };
            Pieces { tokens, ..Pieces::default() }
        });
        let rows = match pieces.ids.is_empty() {
            true => vec![Tensor::zeros([1, self.width()], &encoder.device())],
            false => encoder.forward(&pieces.ids, &pieces.lengths, pass(mode), false),
        };
        SharedRows { layers: rows, tokens: Some(ragged(pieces.tokens)) }
    }

    fn kept_bytes(&self, docs: &[&Doc], checkpoints: Option<bool>) -> usize {
        let Some((encoder, parts)) = &self.encoder else { return 0 };
        let n_pieces = self.pieces(docs).map_or(0, |pieces| pieces.ids.len());
        n_pieces * encoder.kept_bytes(checkpoints.unwrap_or(parts.checkpoints))
    }

    fn check(&self, docs: &[&Doc]) -> Result<(), String> {
        let Some((_, parts)) = &self.encoder else {
            return Err("the encoder has no weights yet: initialise the pipeline or load one".to_owned());
        };
        if self.source.get_spans == SpanGetter::Sent {
            let mut docs = docs.iter().enumerate();
            docs.try_for_each(|(index, doc)| self.source.get_spans.spans(doc, index).map(drop))
                .map_err(|error| error.to_string())?;
        }
        if !self.may_be_too_long(parts) {
            return Ok(());
        }
        let longest = self.pieces(docs).map_err(|error| error.to_string())?.longest_window();
        let limit = parts.config.max_pieces();
        match longest <= limit {
            true => Ok(()),
            false => Err(format!(
                "a window has {longest} pieces, expected at most {limit}, the positions that the encoder knows; take \
                 strided_spans with a smaller window, or set tokenizer_config.model_max_length \
                 = {limit} to cut windows"
            )),
        }
    }

    fn python_draws(&self) -> usize {
        1
    }

    fn width(&self) -> usize {
        self.encoder.as_ref().map_or(1, |(encoder, _)| encoder.config().hidden_size)
    }

    fn lookups(&mut self, docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        let pieces = self.pieces(docs).unwrap_or_default();
        match &mut self.encoder {
            Some((encoder, _)) => vec![(encoder.words_mut(), distinct(pieces.ids))],
            None => Vec::new(),
        }
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.encoder.as_mut().map(|(encoder, _)| parameters_mut(encoder)).unwrap_or_default()
    }

    fn set_precision(&mut self, precision: Precision) {
        if let Some((encoder, _)) = &mut self.encoder {
            encoder.set_precision(precision);
        }
    }

    fn roles(&mut self) -> HashMap<u64, ParameterRole> {
        self.encoder.as_mut().map(|(encoder, _)| roles(encoder)).unwrap_or_default()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let width = self.encoder.as_ref().map(|_| self.width());
        // The wrapper declares its sizes without ever knowing them.
        let wrapper = Layer::new(WRAPPER).dim("nI", None).dim("nO", None);
        let wrapper = match &self.encoder {
            None => wrapper.into(),
            Some((encoder, parts)) => wrap(tree, wrapper, encoder, parts),
        };
        Layer::new("transformer")
            .dim("nO", width)
            .attr("name", self.source.name.as_str())
            .attr("has_transformer", true)
            .attr("flush_cache_chance", 0.0)
            .layers([wrapper])
            .into()
    }
}

/// The ids that occur, ascending.
pub(super) fn distinct(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The places of an encoder's weights by their ids.
pub(super) fn roles(encoder: &mut Encoder) -> HashMap<u64, ParameterRole> {
    let depths = encoder.depths();
    let highest = depths.iter().copied().max().unwrap_or(0);
    let parameters = parameters_mut(encoder).into_iter().zip(depths);
    let roles = parameters.map(|(parameter, depth)| {
        let role = ParameterRole { layers_above: Some(highest - depth), ..parameter.role() };
        (parameter.id(), role)
    });
    roles.collect()
}

fn wrap(tree: &mut LayerTree, layer: Layer, encoder: &Encoder, parts: &HuggingFaceParts) -> Arc<Layer> {
    let named = encoder.weights(&parts.names);
    let parameters: Vec<(String, &dyn Parameter)> =
        named.into_iter().map(|(name, weight)| (name, parameter(weight))).collect();
    tree.wrapped_leaf(layer, &parameters, || {
        let order = parts.names.weights(&parts.config).into_iter().map(|weight| weight.name);
        let unknown = parts.others.keys().filter(|name| !order.clone().any(|known| known == **name));
        let order: Vec<String> = order.clone().chain(unknown.cloned()).collect();
        let by_name: HashMap<&str, &dyn Parameter> =
            parameters.iter().map(|(name, parameter)| (name.as_str(), *parameter)).collect();
        let shapes: Vec<Vec<usize>> = order
            .iter()
            .map(|name| match by_name.get(name.as_str()) {
                Some(parameter) => parameter.shape(),
                None => parts.others[name].shape().to_vec(),
            })
            .collect();
        let tensors: Vec<(&str, &[usize])> =
            order.iter().zip(&shapes).map(|(name, shape)| (name.as_str(), shape.as_slice())).collect();
        parts.settings.to_shim(&tensors, |index| -> Array {
            match by_name.get(order[index].as_str()) {
                Some(parameter) => parameter.array(),
                None => parts.others[&order[index]].clone(),
            }
        })
    })
}

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_hub::{EncoderConfig, EncoderNames, to_curated};
use ner_layers::{Init, Mode, Reduce};
use ner_optim::ParameterRole;
use ner_pieces::PieceEncoder;
use ner_thinc::{Array, Layer, ShimSettings, ThincError, TorchShim, TorchState};
use ner_transformer::{Encoder, Origin, Precision};

use super::curated_pieces::{PieceKind, StridedSpans};
use super::encoder_weights::{Arrays, check_finite, parameter, parameters_mut, put};
use super::hugging_face_network::{distinct, pass, ragged, roles};
use super::hugging_face_source::wrapper;
use super::joined_rows::JoinedRows;
use super::loaders::check_sizes;
use super::{EncoderLoader, EncoderSources, Preparation};
use crate::{LayerTree, ModelError, Parameter, SharedRows, TokenVectors};

/// The node of a model file that wraps an encoder of curated transformers.
const WRAPPER: &str = "pytorch";

/// What a config says of an encoder.
#[derive(Debug)]
pub(super) struct CuratedParts {
    pub(super) config: EncoderConfig,
    pub(super) names: EncoderNames,
    pub(super) pieces: PieceKind,
    pub(super) spans: StridedSpans,
}

/// Where a network of curated transformers gets its weights and pieces from.
#[derive(Debug)]
pub(crate) struct CuratedSource {
    parts: Arc<CuratedParts>,
    found: Mutex<Found>,
}

#[derive(Debug, Default)]
struct Found {
    pieces: Option<Arc<PieceEncoder>>,
    /// Until a network has taken them; `None` too if they are to be drawn.
    weights: Option<Arrays>,
}

impl CuratedSource {
    pub(super) fn new(parts: CuratedParts) -> CuratedSource {
        CuratedSource { parts: Arc::new(parts), found: Mutex::default() }
    }

    /// Finds weights and pieces.
    pub(super) fn prepare(&self, preparation: &Preparation<'_>) -> Result<(), ModelError> {
        let CuratedParts { config, pieces, .. } = &*self.parts;
        let (pieces, weights) = match preparation {
            Preparation::Sources(sources) => (pieces.load(sources)?, self.find_in(sources)?),
            Preparation::File(file) => {
                let (index, node) = wrapper(file, WRAPPER)?;
                let read = || {
                    let missing = || ThincError::Missing { what: "the state of the encoder".to_owned() };
                    let shim = TorchShim::from_bytes(node.shims.first().ok_or_else(missing)?)?;
                    let state = shim.state.ok_or_else(missing)?;
                    check_finite(&state.tensors)?;
                    Ok(state.tensors)
                };
                let weights = read().map_err(|error: ThincError| error.in_node(index, &node.name))?;
                self.check(&weights)?;
                (Some(pieces.read(file)?), Some(weights))
            }
        };
        if let Some(pieces) = &pieces {
            let n_ids = pieces.vocabulary().n_ids();
            if n_ids > config.vocab_size {
                return Err(ModelError::Argument {
                    argument: "vocab_size",
                    message: format!(
                        "found {}, expected at least {n_ids}, the pieces of piece_encoder; both belong to one encoder",
                        config.vocab_size
                    ),
                });
            }
        }
        *self.found() = Found { pieces: pieces.map(Arc::new), weights };
        Ok(())
    }

    fn find_in(&self, sources: &EncoderSources) -> Result<Option<Arrays>, ModelError> {
        let CuratedParts { config, names, .. } = &*self.parts;
        let hugging_face = EncoderNames::hugging_face(config);
        let weights = match &sources.encoder_loader {
            None => {
                tracing::warn!(
                    "A curated_transformer has no encoder_loader in [initialize.components], so that it learns from random weights."
                );
                return Ok(None);
            }
            Some(EncoderLoader::HuggingFace(loader)) => {
                let files = sources.places.find(&loader.name, &loader.revision)?;
                check_sizes(&files, config)?;
                to_curated(files.weights()?, &hugging_face, names)?
            }
            Some(EncoderLoader::PyTorch(loader)) => {
                let weights = read_checkpoint(&loader.path)?;
                // The state of curated transformers' module, or one of transformers.
                match weights.keys().any(|name| name.starts_with("curated_encoder.")) {
                    true => weights,
                    false => {
                        let renamed =
                            weights.into_iter().map(|(name, array)| (ner_hub::base_name(&name), array));
                        to_curated(renamed.collect(), &hugging_face, names)?
                    }
                }
            }
        };
        self.check(&weights)?;
        Ok(Some(weights))
    }

    /// Fails unless all weights are there in the shape that the config asks for.
    fn check(&self, weights: &Arrays) -> Result<(), ModelError> {
        let CuratedParts { config, names, .. } = &*self.parts;
        for weight in names.weights(config) {
            let error = match weights.get(&weight.name) {
                None => ThincError::Missing { what: format!("the weight {}", weight.name) },
                Some(array) if array.shape() != weight.shape => ThincError::Mismatch {
                    what: format!("the shape of {}, which the sizes of the config decide", weight.name),
                    found: format!("{:?}", array.shape()),
                    expected: format!("{:?}", weight.shape),
                },
                Some(_) => continue,
            };
            return Err(error.into());
        }
        Ok(())
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().expect("no holder panics")
    }
}

fn read_checkpoint(path: &Path) -> Result<Arrays, ModelError> {
    let bytes = ner_files::read(path)?;
    Ok(TorchState::from_archive(&bytes)?.tensors)
}

/// An encoder of curated transformers, and the pieces that it reads.
#[derive(Debug)]
pub(super) struct CuratedNetwork {
    parts: Arc<CuratedParts>,
    pieces: Option<Arc<PieceEncoder>>,
    encoder: Encoder,
    all_layers: bool,
}

impl CuratedNetwork {
    pub(super) fn new(source: &CuratedSource, init: &mut Init<'_>) -> CuratedNetwork {
        let mut found = source.found();
        let config = source.parts.config.clone();
        let encoder = match found.weights.take() {
            Some(weights) => {
                let mut encoder = Encoder::zeros(config, Origin::Curated, init);
                put(&mut encoder, &source.parts.names, weights);
                encoder
            }
            None => Encoder::random(config, Origin::Curated, init),
        };
        let pieces = found.pieces.clone();
        CuratedNetwork { parts: source.parts.clone(), pieces, encoder, all_layers: false }
    }
}

impl TokenVectors for CuratedNetwork {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let shared = self.share(docs, mode);
        shared.pool(shared.last().clone(), Reduce::Mean)
    }

    fn share(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> SharedRows {
        let encoder = self.pieces.as_ref().expect("a network runs once it was initialised or loaded");
        let pieces = self.parts.spans.pieces.pieces(encoder, docs);
        let tokens = Some(ragged(pieces.tokens));
        if pieces.ids.is_empty() {
            // White space has no pieces.
            let zeros = Tensor::zeros([1, self.width()], &self.encoder.device());
            let n_layers = if self.all_layers { self.parts.config.n_layers + 1 } else { 1 };
            return SharedRows { layers: vec![zeros; n_layers], tokens };
        }
        let layers = self.encoder.forward(&pieces.ids, &pieces.lengths, pass(mode), self.all_layers);
        let layers = match pieces.joined {
            None => layers,
            Some(joined) => {
                let join = JoinedRows::new(&joined);
                layers.into_iter().map(|layer| join.forward(layer)).collect()
            }
        };
        SharedRows { layers, tokens }
    }

    fn share_all_layers(&mut self) {
        self.all_layers = true;
    }

    fn kept_bytes(&self, docs: &[&Doc], _: Option<bool>) -> usize {
        let pieces = self.pieces.as_ref().map(|encoder| self.parts.spans.pieces.pieces(encoder, docs));
        pieces.map_or(0, |pieces| pieces.ids.len()) * self.encoder.kept_bytes(false)
    }

    fn check(&self, _: &[&Doc]) -> Result<(), String> {
        match &self.pieces {
            Some(_) => Ok(()),
            None => Err("the encoder has no pieces yet: set piecer_loader in [initialize.components] to where they are"
                .to_owned()),
        }
    }

    fn width(&self) -> usize {
        self.parts.config.hidden_size
    }

    fn lookups(&mut self, docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        let Some(pieces) = &self.pieces else { return Vec::new() };
        let ids = self.parts.spans.pieces.pieces(pieces, docs).ids;
        vec![(self.encoder.words_mut(), distinct(ids))]
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        parameters_mut(&mut self.encoder)
    }

    fn set_precision(&mut self, precision: Precision) {
        self.encoder.set_precision(precision);
    }

    fn roles(&mut self) -> HashMap<u64, ParameterRole> {
        roles(&mut self.encoder)
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let CuratedParts { config, names, pieces, spans } = &*self.parts;
        let piece_encoder = pieces.layer(self.pieces.as_deref());
        let remove = Layer::new("remove_bos_eos").into();
        let wrapper = Layer::new(WRAPPER).dim("nI", None).dim("nO", config.hidden_size);
        let wrapper = wrapper.attr("_all_layer_outputs", self.all_layers);
        let named: HashMap<String, &dyn Parameter> =
            self.encoder.weights(names).into_iter().map(|(name, weight)| (name, parameter(weight))).collect();
        let order = names.weights(config);
        let parameters: Vec<(String, &dyn Parameter)> =
            order.iter().map(|weight| (weight.name.clone(), named[&weight.name])).collect();
        let wrapper = tree.wrapped_leaf(wrapper, &parameters, || {
            let tensors: Vec<(&str, &[usize])> =
                order.iter().map(|weight| (weight.name.as_str(), weight.shape.as_slice())).collect();
            let settings = ShimSettings {
                values: [("config".to_owned(), rmpv::Value::Map(Vec::new()))].into_iter().collect(),
            };
            settings.to_shim(&tensors, |index| -> Array { parameters[index].1.array() })
        });
        let spans = spans.layer().layers([wrapper.clone()]).into();
        let name = format!("{}>>with_strided_spans>>remove_bos_eos", piece_encoder.node.name);
        let chain = Layer::new(name).dim("nO", None);
        let chain = chain.layers([piece_encoder.clone(), spans, remove]).into();
        let words = Layer::new("with_non_ws_tokens").layers([chain]).into();
        Layer::new("transformer_model")
            .dim("nO", config.hidden_size)
            .reference("piece_encoder", &piece_encoder)
            .reference("transformer", &wrapper)
            .layers([words])
            .into()
    }
}

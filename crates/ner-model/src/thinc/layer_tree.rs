use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use ner_thinc::{Array, Layer, ModelFile, Node, ThincError, TorchState};

use crate::{ModelError, Parameter};

/// Describes a model as Thinc's tree of layers, and remembers which parameter stands where.
#[derive(Debug)]
pub struct LayerTree {
    dropout_rate: f64,
    with_weights: bool,
    places: Vec<Place>,
}

/// Where a parameter stands.
#[derive(Debug)]
struct Place {
    layer: Arc<Layer>,
    name: String,
    id: u64,
    shape: Vec<usize>,
    /// In the state of a wrapped PyTorch network, not among the layer's own parameters.
    is_torch: bool,
}

impl LayerTree {
    /// A tree to be written, weights and the dropout rate of the last training included.
    pub fn to_write(dropout_rate: f64) -> LayerTree {
        LayerTree { dropout_rate, with_weights: true, places: Vec::new() }
    }

    /// A tree to be filled from a file.
    pub fn to_read() -> LayerTree {
        LayerTree { dropout_rate: 0.0, with_weights: false, places: Vec::new() }
    }

    /// The rate that layers with dropout note down.
    pub fn dropout_rate(&self) -> f64 {
        self.dropout_rate
    }

    /// A layer that holds parameters, named as Thinc names them.
    pub fn leaf(&mut self, mut layer: Layer, parameters: &[(&'static str, &dyn Parameter)]) -> Arc<Layer> {
        for (name, parameter) in parameters {
            layer = layer.param(name, self.with_weights.then(|| parameter.array()));
        }
        let layer = Arc::new(layer);
        let place = |&(name, parameter): &(&'static str, &dyn Parameter)| Place {
            layer: layer.clone(),
            name: name.to_owned(),
            id: parameter.id(),
            shape: parameter.shape(),
            is_torch: false,
        };
        self.places.extend(parameters.iter().map(place));
        layer
    }

    /// A layer that wraps a PyTorch network, whose parameters have PyTorch's names.
    pub fn torch_leaf(&mut self, mut layer: Layer, parameters: &[(String, &dyn Parameter)]) -> Arc<Layer> {
        if self.with_weights {
            let tensors = parameters.iter().map(|(name, parameter)| (name.clone(), parameter.array()));
            layer.node.shims = vec![TorchState { tensors: tensors.collect() }.to_shim()];
        }
        let layer = Arc::new(layer);
        let place = |(name, parameter): &(String, &dyn Parameter)| Place {
            layer: layer.clone(),
            name: name.clone(),
            id: parameter.id(),
            shape: parameter.shape(),
            is_torch: true,
        };
        self.places.extend(parameters.iter().map(place));
        layer
    }

    /// Node in the order of the file, name and id of every parameter of the tree under `root`.
    pub fn parameters(&self, root: &Arc<Layer>) -> Vec<(usize, &str, u64)> {
        let index_of = index_of(root);
        let places = self.places.iter();
        places.map(|place| (index_of[&Arc::as_ptr(&place.layer)], place.name.as_str(), place.id)).collect()
    }

    /// Puts the weights of a file into the parameters of the model that this tree describes.
    pub fn load(
        self,
        root: &Arc<Layer>,
        mut file: ModelFile,
        parameters: Vec<&mut dyn Parameter>,
    ) -> Result<(), ModelError> {
        file.check_finite()?;
        file.check(root)?;
        let index_of = index_of(root);
        let mut parameters: HashMap<u64, _> =
            parameters.into_iter().map(|parameter| (parameter.id(), parameter)).collect();
        let mut states = HashMap::new();
        for place in &self.places {
            let index = index_of[&Arc::as_ptr(&place.layer)];
            let node = &mut file.nodes[index];
            let array = if place.is_torch {
                let state = match states.entry(index) {
                    Entry::Occupied(state) => Ok(state.into_mut()),
                    Entry::Vacant(entry) => torch_state(node).map(|state| entry.insert(state)),
                };
                state.and_then(|state| {
                    let array = place.checked(state.tensors.swap_remove(&place.name))?;
                    array.check_finite(&place.name).map(|()| array)
                })
            } else {
                place.checked(node.params.get_mut(&place.name).and_then(Option::take))
            };
            let array = array.map_err(|error| error.in_node(index, &node.name))?;
            let parameter = parameters.get_mut(&place.id).expect("a tree names the model's own parameters");
            let mut taken = parameter.take();
            (_, taken.weights) = array.into_parts();
            parameter.put(taken);
        }
        Ok(())
    }
}

impl Place {
    /// The weights, if they are there and have the right shape.
    fn checked(&self, array: Option<Array>) -> Result<Array, ThincError> {
        let what = || format!("the shape of parameter {}", self.name);
        match array {
            None => Err(ThincError::Missing { what: format!("parameter {}", self.name) }),
            Some(array) if array.shape() != self.shape => Err(ThincError::Mismatch {
                what: what(),
                found: format!("{:?}", array.shape()),
                expected: format!("{:?}", self.shape),
            }),
            Some(array) => Ok(array),
        }
    }
}

/// The state of the PyTorch network that a layer wraps.
fn torch_state(node: &Node) -> Result<TorchState, ThincError> {
    let missing = || ThincError::Missing { what: "the state of the PyTorch network".to_owned() };
    TorchState::from_shim(node.shims.first().ok_or_else(missing)?)
}

/// The place of each layer in the order of the file.
fn index_of(root: &Arc<Layer>) -> HashMap<*const Layer, usize> {
    Layer::walk(root).iter().enumerate().map(|(index, layer)| (Arc::as_ptr(layer), index)).collect()
}

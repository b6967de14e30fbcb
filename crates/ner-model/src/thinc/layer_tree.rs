use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use ner_thinc::{Array, Layer, ModelFile, Node, ThincError, TorchState};

use crate::word_counts::{COUNTS, WORDS, WordCounts};
use crate::{ModelError, Parameter};

/// Describes a model as Thinc's tree of layers, and remembers the place of each parameter in it.
///
/// The network and its description are two things: Burn's modules follow the computation, while the file follows Thinc's
/// combinators, node by node. Each part of a network describes itself (`layer`) and registers its parameters here.
#[derive(Debug)]
pub struct LayerTree {
    dropout_rate: f64,
    with_weights: bool,
    places: Vec<Place>,
    /// The layers that hold counts of words.
    word_counts: Vec<(Arc<Layer>, WordCounts)>,
}

/// The place of a parameter.
#[derive(Debug)]
struct Place {
    layer: Arc<Layer>,
    name: String,
    id: u64,
    shape: Vec<usize>,
    kind: PlaceKind,
}

/// Where in its layer a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlaceKind {
    /// Among the layer's own parameters.
    Own,
    /// In the state of a wrapped PyTorch network.
    Torch,
    /// In the state of a pretrained encoder, which is read before the network is made.
    Wrapped,
}

impl LayerTree {
    /// A tree to be written, weights and the dropout rate of the last training included.
    pub fn to_write(dropout_rate: f64) -> LayerTree {
        LayerTree { dropout_rate, with_weights: true, places: Vec::new(), word_counts: Vec::new() }
    }

    /// A tree to be filled from a file.
    pub fn to_read() -> LayerTree {
        LayerTree { dropout_rate: 0.0, with_weights: false, places: Vec::new(), word_counts: Vec::new() }
    }

    /// The rate that layers with dropout note down.
    pub fn dropout_rate(&self) -> f64 {
        self.dropout_rate
    }

    /// A layer that holds parameters, named as Thinc names them.
    pub fn leaf(&mut self, mut layer: Layer, parameters: &[(&'static str, &dyn Parameter)]) -> Arc<Layer> {
        for (name, parameter) in parameters {
            // A tree to read into copies no weights, which the file is about to replace.
            layer = layer.param(name, self.with_weights.then(|| parameter.array()));
        }
        let layer = Arc::new(layer);
        let place = |&(name, parameter): &(&'static str, &dyn Parameter)| Place {
            layer: layer.clone(),
            name: name.to_owned(),
            id: parameter.id(),
            shape: parameter.shape(),
            kind: PlaceKind::Own,
        };
        self.places.extend(parameters.iter().map(place));
        layer
    }

    /// A layer that holds counts of words.
    pub fn leaf_with_words(&mut self, layer: Layer, counts: &WordCounts) -> Arc<Layer> {
        let layer = if self.with_weights {
            let [words, numbers] = counts.values();
            layer.attr(WORDS, words).attr(COUNTS, numbers)
        } else {
            layer
        };
        let layer = Arc::new(layer);
        self.word_counts.push((layer.clone(), counts.clone()));
        layer
    }

    /// A layer that wraps a PyTorch network, whose parameters have PyTorch's names.
    pub fn torch_leaf(&mut self, mut layer: Layer, parameters: &[(String, &dyn Parameter)]) -> Arc<Layer> {
        if self.with_weights {
            let tensors = parameters.iter().map(|(name, parameter)| (name.clone(), parameter.array()));
            layer.node.shims = vec![TorchState { tensors: tensors.collect() }.to_shim().into()];
        }
        let layer = Arc::new(layer);
        let place = |(name, parameter): &(String, &dyn Parameter)| Place {
            layer: layer.clone(),
            name: name.clone(),
            id: parameter.id(),
            shape: parameter.shape(),
            kind: PlaceKind::Torch,
        };
        self.places.extend(parameters.iter().map(place));
        layer
    }

    /// A layer that wraps a pretrained encoder. Its weights have been read from the shim before, which is made by `shim` if
    /// the tree is to be written.
    pub fn wrapped_leaf(
        &mut self,
        mut layer: Layer,
        parameters: &[(String, &dyn Parameter)],
        shim: impl FnOnce() -> Vec<u8>,
    ) -> Arc<Layer> {
        if self.with_weights {
            layer.node.shims = vec![shim().into()];
        }
        let layer = Arc::new(layer);
        let place = |(name, parameter): &(String, &dyn Parameter)| Place {
            layer: layer.clone(),
            name: name.clone(),
            id: parameter.id(),
            shape: parameter.shape(),
            kind: PlaceKind::Wrapped,
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

    /// Puts the weights of a file, and the counts of words that it holds, into the model that this tree describes.
    pub fn load(
        self,
        root: &Arc<Layer>,
        mut file: ModelFile,
        parameters: Vec<&mut dyn Parameter>,
    ) -> Result<(), ModelError> {
        self.load_weights(root, &mut file, parameters)?;
        let index_of = index_of(root);
        for (layer, counts) in &self.word_counts {
            let index = index_of[&Arc::as_ptr(layer)];
            let node = &file.nodes[index];
            let read = counts.read(node.attrs.get(WORDS), node.attrs.get(COUNTS));
            read.map_err(|error| error.in_node(index, &node.name))?;
        }
        Ok(())
    }

    /// Takes the weights out of a file into the parameters of the model that this tree describes, whose counts of words stay.
    pub fn load_weights(
        &self,
        root: &Arc<Layer>,
        file: &mut ModelFile,
        parameters: Vec<&mut dyn Parameter>,
    ) -> Result<(), ModelError> {
        // Numbers and nodes are checked before the first weight moves; shapes, and the states of PyTorch networks, when
        // their turn comes, since a tree that is read into has no weights to compare with.
        file.check_finite()?;
        file.check(root)?;
        let index_of = index_of(root);
        let mut parameters: HashMap<u64, _> =
            parameters.into_iter().map(|parameter| (parameter.id(), parameter)).collect();
        let mut torch_states = HashMap::new();
        for place in &self.places {
            let index = index_of[&Arc::as_ptr(&place.layer)];
            let node = &mut file.nodes[index];
            let array = match place.kind {
                PlaceKind::Own => place.checked(node.params.get_mut(&place.name).and_then(Option::take)),
                PlaceKind::Torch => place.take_from_torch(index, node, &mut torch_states),
                PlaceKind::Wrapped => continue,
            };
            let array = array.map_err(|error| error.in_node(index, &node.name))?;
            let parameter = parameters.get_mut(&place.id).expect("a tree names the model's own parameters");
            // The numbers move into the parameter, so that loading copies none of them.
            let mut taken = parameter.take();
            (_, taken.weights) = array.into_parts();
            parameter.put(taken);
        }
        Ok(())
    }
}

impl Place {
    /// The weights out of the state of a wrapped network. A state holds all parameters of its network, so it is decoded for
    /// the first of them and kept in `states`, by the index of its node.
    fn take_from_torch(
        &self,
        index: usize,
        node: &Node,
        states: &mut HashMap<usize, TorchState>,
    ) -> Result<Array, ThincError> {
        let state = match states.entry(index) {
            Entry::Occupied(state) => state.into_mut(),
            Entry::Vacant(entry) => entry.insert(torch_state(node)?),
        };
        // `ModelFile::check_finite` sees a state as bytes, so its numbers are checked when they are decoded.
        let array = self.checked(state.tensors.swap_remove(&self.name))?;
        array.check_finite(&self.name).map(|()| array)
    }

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

/// The state of the PyTorch network that a node wraps.
fn torch_state(node: &Node) -> Result<TorchState, ThincError> {
    let missing = || ThincError::Missing { what: "the state of the PyTorch network".to_owned() };
    TorchState::from_shim(node.shims.first().ok_or_else(missing)?)
}

/// The index of each layer in the order of the file. Layers are told apart by address: many are equal.
fn index_of(root: &Arc<Layer>) -> HashMap<*const Layer, usize> {
    Layer::walk(root).iter().enumerate().map(|(index, layer)| (Arc::as_ptr(layer), index)).collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use ner_layers::{Init, Linear};
    use ner_thinc::chain;

    use super::*;

    /// Two layers of different shapes.
    fn layers() -> [Linear; 2] {
        let init = Init::zeros(&Device::flex());
        [Linear::zeros(2, 3, &init), Linear::zeros(1, 2, &init)]
    }

    fn parameters(layers: &mut [Linear; 2]) -> Vec<&mut dyn Parameter> {
        let parameters = layers.iter_mut().flat_map(|linear| {
            let parameters: [&mut dyn Parameter; 2] = [&mut linear.weight, &mut linear.bias];
            parameters
        });
        parameters.collect()
    }

    fn describe(layers: &[Linear; 2], tree: &mut LayerTree) -> Arc<Layer> {
        let layers = layers
            .each_ref()
            .map(|linear| tree.leaf(Layer::new("linear"), &[("W", &linear.weight), ("b", &linear.bias)]));
        chain(layers).into()
    }

    /// The file of layers whose weights count from 0.
    fn file() -> ModelFile {
        let mut layers = layers();
        let mut next = 0.0;
        for parameter in parameters(&mut layers) {
            parameter.change(&mut |weights| {
                for weight in weights {
                    (*weight, next) = (next, next + 1.0);
                }
            });
        }
        ModelFile::from_layers(&describe(&layers, &mut LayerTree::to_write(0.0))).unwrap()
    }

    fn load(file: ModelFile) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut layers = layers();
        let mut tree = LayerTree::to_read();
        let root = describe(&layers, &mut tree);
        tree.load(&root, file, parameters(&mut layers))?;
        Ok(parameters(&mut layers).iter().map(|parameter| parameter.array().into_parts().1).collect())
    }

    #[track_caller]
    fn check_error(change: impl FnOnce(&mut ModelFile), parts: [&str; 2]) {
        let mut file = file();
        change(&mut file);
        let message = load(file).unwrap_err().to_string();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }

    #[test]
    fn weights_return_to_the_parameters_that_they_were_written_from() {
        let weights: [&[f32]; 4] = [&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0], &[8.0, 9.0], &[10.0]];
        assert_eq!(load(file()).unwrap(), weights);
    }

    #[test]
    fn parameters_are_named_by_node() {
        let layers = layers();
        let mut tree = LayerTree::to_read();
        let root = describe(&layers, &mut tree);
        let places: Vec<_> = tree.parameters(&root).iter().map(|&(node, name, _)| (node, name)).collect();
        assert_eq!(places, [(1, "W"), (1, "b"), (2, "W"), (2, "b")]);
    }

    #[test]
    fn weights_of_another_shape_are_refused() {
        let wrong = Array::new(vec![3, 2], vec![0.0; 6]).unwrap();
        check_error(
            |file| drop(file.nodes[1].params.insert("W".to_owned(), Some(wrong))),
            ["parameter W", "[3, 2]"],
        );
    }

    #[test]
    fn missing_weights_are_named() {
        check_error(|file| file.nodes[2].params["b"] = None, ["linear", "parameter b"]);
    }

    #[test]
    fn weights_that_are_no_finite_numbers_are_refused() {
        let wrong = Array::new(vec![1], vec![f32::NAN]).unwrap();
        check_error(|file| file.nodes[2].params["b"] = Some(wrong), ["linear", "b"]);
    }
}

use std::collections::HashMap;
use std::sync::Arc;

use ner_thinc::{Layer, ModelFile, ThincError};

use crate::{ModelError, Parameter};

/// Describes a model as Thinc's tree of layers, and remembers which parameter stands where.
#[derive(Debug)]
pub struct LayerTree {
    dropout_rate: f64,
    with_weights: bool,
    places: Vec<(Arc<Layer>, &'static str, u64, Vec<usize>)>,
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
        let place = |&(name, parameter): &(&'static str, &dyn Parameter)| {
            (layer.clone(), name, parameter.id(), parameter.shape())
        };
        self.places.extend(parameters.iter().map(place));
        layer
    }

    /// Node in the order of the file, name and id of every parameter of the tree under `root`.
    pub fn parameters(&self, root: &Arc<Layer>) -> Vec<(usize, &'static str, u64)> {
        let index_of = index_of(root);
        self.places.iter().map(|(layer, name, id, _)| (index_of[&Arc::as_ptr(layer)], *name, *id)).collect()
    }

    /// Puts the weights of a file into the parameters of the model that this tree describes.
    pub fn load(
        self,
        root: &Arc<Layer>,
        file: ModelFile,
        parameters: Vec<&mut dyn Parameter>,
    ) -> Result<(), ModelError> {
        file.check_finite()?;
        let index_of = index_of(root);
        let filled = Layer::walk(&file.fill(root)?);
        let mut parameters: HashMap<u64, _> =
            parameters.into_iter().map(|parameter| (parameter.id(), parameter)).collect();
        for (layer, name, id, shape) in &self.places {
            let index = index_of[&Arc::as_ptr(layer)];
            let node = &filled[index].node;
            let array = node.array(name).map_err(|error| error.in_node(index, &node.name))?;
            if array.shape() != shape {
                return Err(ThincError::Mismatch {
                    what: format!("the shape of parameter {name}"),
                    found: format!("{:?}", array.shape()),
                    expected: format!("{shape:?}"),
                }
                .in_node(index, &node.name)
                .into());
            }
            let parameter = parameters.get_mut(id).expect("a tree names the model's own parameters");
            parameter.change(&mut |weights| weights.copy_from_slice(array.data()));
        }
        Ok(())
    }
}

/// The place of each layer in the order of the file.
fn index_of(root: &Arc<Layer>) -> HashMap<*const Layer, usize> {
    Layer::walk(root).iter().enumerate().map(|(index, layer)| (Arc::as_ptr(layer), index)).collect()
}

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::{Array, Attr, ModelFile, Node, ThincError};

/// A layer with the layers that it is composed of. A layer that stands in several places is one layer: share its
/// `Arc`, and it is stored once.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The layer itself.
    pub node: Node<Arc<Layer>>,
    /// What it is composed of, in order.
    pub layers: Vec<Arc<Layer>>,
    /// The names by which it refers to itself.
    pub own_names: Vec<String>,
}

impl Layer {
    /// A layer without anything yet.
    pub fn new(name: impl Into<String>) -> Layer {
        Layer { node: Node::new(name), layers: Vec::new(), own_names: Vec::new() }
    }

    /// Sets a dimension; `None` declares one that is not known.
    pub fn dim(mut self, name: &str, size: impl Into<Option<usize>>) -> Layer {
        self.node.dims.insert(name.to_owned(), size.into());
        self
    }

    /// Sets an attribute.
    pub fn attr(mut self, name: &str, value: impl Into<rmpv::Value>) -> Layer {
        self.node.attrs.insert(name.to_owned(), Attr::new(value));
        self
    }

    /// Sets a parameter; `None` declares one that has no weights yet.
    pub fn param(mut self, name: &str, array: impl Into<Option<Array>>) -> Layer {
        self.node.params.insert(name.to_owned(), array.into());
        self
    }

    /// Names a layer below.
    pub fn reference(mut self, name: &str, layer: &Arc<Layer>) -> Layer {
        self.node.refs.insert(name.to_owned(), Some(layer.clone()));
        self
    }

    /// Gives it a name for itself.
    pub fn reference_to_itself(mut self, name: &str) -> Layer {
        self.own_names.push(name.to_owned());
        self
    }

    /// Sets the layers that it is composed of.
    pub fn layers(mut self, layers: impl IntoIterator<Item = Arc<Layer>>) -> Layer {
        self.layers = layers.into_iter().collect();
        self
    }

    /// All layers from `root` on in the order of the file: breadth first, each once.
    pub fn walk(root: &Arc<Layer>) -> Vec<Arc<Layer>> {
        // spaCy: Thinc marks a layer when it is reached, not when it is queued (thinc/model.py). The order is
        // the same, since the first mention decides in both.
        let mut order = vec![root.clone()];
        let mut seen = HashSet::from([Arc::as_ptr(root)]);
        let mut next = 0;
        while next < order.len() {
            let layer = order[next].clone();
            order.extend(layer.layers.iter().filter(|below| seen.insert(Arc::as_ptr(below))).cloned());
            next += 1;
        }
        order
    }
}

impl ModelFile {
    /// The file of a tree of layers; an error if a reference leaves the tree.
    pub fn from_layers(root: &Arc<Layer>) -> Result<ModelFile, ThincError> {
        let order = Layer::walk(root);
        let indices = index_of(&order);
        let nodes = order.iter().enumerate().map(|(index, layer)| {
            let node = &layer.node;
            let refs =
                numbered_references(layer, &indices).map_err(|error| error.in_node(index, &node.name))?;
            Ok(Node {
                name: node.name.clone(),
                dims: node.dims.clone(),
                refs,
                attrs: node.attrs.clone(),
                params: node.params.clone(),
                shims: node.shims.clone(),
            })
        });
        Ok(ModelFile { nodes: nodes.collect::<Result<_, _>>()? })
    }

    /// Makes sure that the file fits a tree, layer by layer.
    ///
    /// It is an error if the file has another number of layers, or if one of them has other references, another
    /// known dimension or a weight of another shape than the tree says.
    pub fn check(&self, root: &Arc<Layer>) -> Result<(), ThincError> {
        let order = Layer::walk(root);
        if self.nodes.len() != order.len() {
            return Err(ThincError::Structure { found: self.nodes.len(), expected: order.len() });
        }
        let indices = index_of(&order);
        for (index, (node, layer)) in self.nodes.iter().zip(&order).enumerate() {
            check_node(node, layer, &indices).map_err(|error| error.in_node(index, &node.name))?;
        }
        Ok(())
    }
}

// By address: all dropout layers of a model may be equal, and each has a number of its own.
type Indices = HashMap<*const Layer, usize>;

fn index_of(order: &[Arc<Layer>]) -> Indices {
    order.iter().enumerate().map(|(index, layer)| (Arc::as_ptr(layer), index)).collect()
}

fn numbered_references(
    layer: &Arc<Layer>,
    indices: &Indices,
) -> Result<IndexMap<String, Option<usize>>, ThincError> {
    let number = |name: &String, layer: &Arc<Layer>| match indices.get(&Arc::as_ptr(layer)) {
        Some(&index) => Ok(index),
        // spaCy: Thinc refuses to write it as well, for it has no number (thinc/model.py).
        None => Err(ThincError::DanglingReference { reference: name.clone() }),
    };
    let to_others = layer.node.refs.iter();
    let to_others = to_others.map(|(name, other)| {
        Ok((name.clone(), other.as_ref().map(|other| number(name, other)).transpose()?))
    });
    let to_itself = layer.own_names.iter().map(|name| Ok((name.clone(), Some(number(name, layer)?))));
    to_others.chain(to_itself).collect()
}

/// Compares a layer of the file with its place in the tree.
fn check_node(found: &Node, expected: &Arc<Layer>, indices: &Indices) -> Result<(), ThincError> {
    // spaCy: names are not compared: Thinc takes over those of the file (thinc/model.py).
    let references = numbered_references(expected, indices)?;
    let expected = &expected.node;
    if found.refs != references {
        return Err(mismatch("the references".to_owned(), &found.refs, &references));
    }
    for (name, &size) in &expected.dims {
        // spaCy: a size that is null in the file leaves the one of the tree alone (thinc/model.py).
        if let (Some(found), Some(expected)) = (found.dims.get(name).copied().flatten(), size)
            && found != expected
        {
            return Err(mismatch(format!("dimension {name}"), &found, &expected));
        }
    }
    for (name, array) in expected.params.iter().filter_map(|(name, array)| Some((name, array.as_ref()?))) {
        // Thinc would take a weight of any shape and fail when the layer first runs.
        let found_shape = found.array(name)?.shape();
        if found_shape != array.shape() {
            return Err(mismatch(format!("the shape of parameter {name}"), &found_shape, &array.shape()));
        }
    }
    Ok(())
}

fn mismatch<T: std::fmt::Debug>(what: String, found: &T, expected: &T) -> ThincError {
    ThincError::Mismatch { what, found: format!("{found:?}"), expected: format!("{expected:?}") }
}

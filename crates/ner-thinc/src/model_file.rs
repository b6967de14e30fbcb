use bytes::Bytes;
use indexmap::IndexMap;

use crate::{Array, Attr, ThincError};

/// What is stored of a model: its layers, breadth first, each layer once.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ModelFile {
    /// The layers in the order of Thinc's walk.
    pub nodes: Vec<Node>,
}

/// One layer without its place in the tree. A reference is the index of a layer in a file, and the layer itself in
/// a tree. Maps keep the order of declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<Reference = usize> {
    /// The layer's name, such as `maxout>>layernorm`.
    pub name: String,
    /// Dimensions, `nO` for instance; `None` while unknown.
    pub dims: IndexMap<String, Option<usize>>,
    /// Layers below that have a name of their own here.
    pub refs: IndexMap<String, Option<Reference>>,
    /// Settings.
    pub attrs: IndexMap<String, Attr>,
    /// Weights; `None` while there are none.
    pub params: IndexMap<String, Option<Array>>,
    /// State of wrapped models of other libraries. Of a file that was read, these are parts of its bytes.
    pub shims: Vec<Bytes>,
}

impl<Reference> Node<Reference> {
    /// A layer of which only the name is known.
    pub fn new(name: impl Into<String>) -> Node<Reference> {
        Node {
            name: name.into(),
            dims: IndexMap::new(),
            refs: IndexMap::new(),
            attrs: IndexMap::new(),
            params: IndexMap::new(),
            shims: Vec::new(),
        }
    }

    /// A dimension's size; an error if it is not declared or not known.
    pub fn size(&self, dim: &str) -> Result<usize, ThincError> {
        self.dims.get(dim).copied().flatten().ok_or_else(|| missing("dimension", dim))
    }

    /// A setting's value; an error if it is not there or no MessagePack.
    pub fn value(&self, attr: &str) -> Result<rmpv::Value, ThincError> {
        self.attrs.get(attr).and_then(Attr::value).ok_or_else(|| missing("attribute", attr))
    }

    /// A parameter; an error if it is not declared or has no weights.
    pub fn array(&self, param: &str) -> Result<&Array, ThincError> {
        self.params.get(param).and_then(Option::as_ref).ok_or_else(|| missing("parameter", param))
    }

    fn check_finite(&self) -> Result<(), ThincError> {
        let arrays = self.params.iter().filter_map(|(param, array)| Some((param, array.as_ref()?)));
        arrays.into_iter().try_for_each(|(param, array)| array.check_finite(param))
    }
}

impl ModelFile {
    /// Makes sure that every weight is a finite number.
    pub fn check_finite(&self) -> Result<(), ThincError> {
        for (index, node) in self.nodes.iter().enumerate() {
            node.check_finite().map_err(|error| error.in_node(index, &node.name))?;
        }
        Ok(())
    }

    /// Makes sure that every reference points to a layer and that none leads back to where it came from by way of another
    /// layer. A layer may name itself: encoders of SentencePiece do
    /// (tokenization/sentencepiece_encoder.py of spacy_curated_transformers).
    pub(crate) fn check_references(&self) -> Result<(), ThincError> {
        // References are counted, not the layers that have them: one layer may have two names for another.
        let mut n_referring = vec![0_usize; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for (reference, &target) in
                node.refs.iter().filter_map(|(name, target)| Some((name, target.as_ref()?)))
            {
                let count = n_referring.get_mut(target).ok_or_else(|| {
                    ThincError::DanglingReference { reference: reference.clone() }.in_node(index, &node.name)
                })?;
                *count += usize::from(target != index);
            }
        }
        self.check_acyclic(n_referring)
    }

    /// Takes layers that nothing refers to away until none is left (Kahn, 1962); a circle never goes.
    fn check_acyclic(&self, mut n_referring: Vec<usize>) -> Result<(), ThincError> {
        let mut free: Vec<usize> = (0..self.nodes.len()).filter(|&index| n_referring[index] == 0).collect();
        // A loop, since a recursion as deep as the longest path of a hostile file would overflow the stack.
        while let Some(index) = free.pop() {
            for &target in self.nodes[index].refs.values().flatten().filter(|target| **target != index) {
                n_referring[target] -= 1;
                if n_referring[target] == 0 {
                    free.push(target);
                }
            }
        }
        match n_referring.iter().position(|&count| count > 0) {
            Some(index) => Err(ThincError::CyclicReference.in_node(index, &self.nodes[index].name)),
            None => Ok(()),
        }
    }
}

fn missing(kind: &str, name: &str) -> ThincError {
    ThincError::Missing { what: format!("{kind} {name}") }
}

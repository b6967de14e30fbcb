use thiserror::Error;

/// What is wrong with a model file, or with the tree that it should fill.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ThincError {
    /// The bytes are not laid out as Thinc does.
    #[error("byte {offset}: expected {expected}, found {found}")]
    Malformed {
        /// Where in the file.
        offset: usize,
        /// What Thinc writes there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// Something is wrong with one layer.
    #[error("layer {index} ({}): {cause}", shortened(name))]
    Node {
        /// Position in the file.
        index: usize,
        /// The layer's name.
        name: String,
        /// What is wrong.
        cause: Box<ThincError>,
    },
    /// An array has more or fewer numbers than its shape holds.
    #[error("expected an array of shape {shape:?}, found {found} numbers")]
    ArraySize {
        /// The shape.
        shape: Vec<usize>,
        /// How many numbers there are.
        found: usize,
    },
    /// A parameter's numbers are of another type than 32-bit little-endian floats.
    #[error("parameter {param} has type {found:?}, expected \"<f4\": save the model with 32-bit floats")]
    ArrayType {
        /// The parameter.
        param: String,
        /// Its type as NumPy writes it.
        found: String,
    },
    /// A number is infinite or not a number.
    #[error(
        "parameter {param} holds {found} at position {position}: the model did not train to usable weights"
    )]
    NotFinite {
        /// The parameter.
        param: String,
        /// Position in C order.
        position: usize,
        /// The number.
        found: f32,
    },
    /// A reference points past the last layer, or to a layer outside of the tree.
    #[error("reference {reference} points to a layer outside of the tree")]
    DanglingReference {
        /// The reference's name.
        reference: String,
    },
    /// References lead in a circle.
    #[error("its references lead in a circle")]
    CyclicReference,
    /// The file and the tree that the config describes have different numbers of layers.
    #[error("the file has {found} layers, the config describes {expected}: they belong to different models")]
    Structure {
        /// Layers in the file.
        found: usize,
        /// Layers in the tree.
        expected: usize,
    },
    /// A dimension, a reference or a parameter's shape is not what the tree says.
    #[error("{what} is {found}, expected {expected}")]
    Mismatch {
        /// The dimension, reference or parameter.
        what: String,
        /// What the file says.
        found: String,
        /// What the tree says.
        expected: String,
    },
    /// The state of a wrapped PyTorch network cannot be read.
    #[error("the state of a PyTorch network: {reason}")]
    Torch {
        /// What was found, and what was expected.
        reason: String,
    },
    /// A dimension, an attribute or a parameter is not there.
    #[error("{what} is missing")]
    Missing {
        /// The dimension, attribute or parameter.
        what: String,
    },
}

impl ThincError {
    /// The same error, said of a layer.
    pub fn in_node(self, index: usize, name: &str) -> ThincError {
        ThincError::Node { index, name: name.to_owned(), cause: Box::new(self) }
    }

    pub(crate) fn torch(reason: String) -> ThincError {
        ThincError::Torch { reason }
    }
}

/// Names of composed layers spell out all they are composed of, which no message needs.
fn shortened(name: &str) -> String {
    const MAX_CHARS: usize = 60;
    match name.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::Mode;
use ner_model::TokenVectors;

/// The token vectors that a listener takes from the component that it listens to.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one is made for a batch, and handed on by reference")]
pub enum UpstreamVectors<'a> {
    /// Those of all tokens of the documents, `[tokens, width]`.
    Computed(Tensor<2>),
    /// The network that gives them, for a document too long to hold the vectors of all its tokens at a time.
    Network(&'a dyn TokenVectors),
}

impl UpstreamVectors<'_> {
    /// The vectors of all tokens of the documents, `[tokens, width]`.
    pub fn of(&self, docs: &[&Doc]) -> Tensor<2> {
        match self {
            UpstreamVectors::Computed(vectors) => vectors.clone(),
            UpstreamVectors::Network(network) => network.forward(docs, &mut Mode::Predict),
        }
    }
}

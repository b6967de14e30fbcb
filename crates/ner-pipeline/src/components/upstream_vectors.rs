use ner_doc::Doc;
use ner_layers::Mode;
use ner_model::{SharedRows, TokenVectors};

/// The rows that a listener takes from the component that it listens to.
#[derive(Clone, Debug)]
pub enum UpstreamVectors<'a> {
    /// Those of the documents.
    Computed(SharedRows),
    /// The network that gives them, for a document too long to hold the vectors of all its tokens at a time.
    Network(&'a dyn TokenVectors),
}

impl UpstreamVectors<'_> {
    /// Those of the documents.
    pub fn of(&self, docs: &[&Doc]) -> SharedRows {
        match self {
            UpstreamVectors::Computed(rows) => rows.clone(),
            UpstreamVectors::Network(network) => network.share(docs, &mut Mode::Predict),
        }
    }
}

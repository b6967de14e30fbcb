use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::{Init, Mode};
use ner_model::{Recipe, TokenVectors};

/// Token vectors that other components share.
#[derive(Debug)]
pub struct Tok2VecComponent {
    recipe: Recipe<dyn TokenVectors>,
    /// The network.
    pub model: Box<dyn TokenVectors>,
}

impl Tok2VecComponent {
    pub(crate) fn new(recipe: Recipe<dyn TokenVectors>, init: &mut Init<'_>) -> Tok2VecComponent {
        let model = recipe.make(init);
        Tok2VecComponent { recipe, model }
    }

    /// Draws the first weights.
    pub(crate) fn initialize(&mut self, init: &mut Init<'_>) {
        self.model = self.recipe.make(init);
    }

    /// The vectors of all tokens, one document after the other.
    pub(crate) fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        self.model.forward(docs, mode)
    }
}

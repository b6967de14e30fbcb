use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::Doc;
use ner_layers::{Init, Mode};
use ner_thinc::{Layer, chain};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{LayerTree, Parameter};

/// Gives every token a vector that depends on the token alone.
pub trait Embed: Debug + Send + Sync {
    /// The vectors of all tokens of `docs`, one document after the other: `[tokens, width]`.
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2>;

    /// The trainable weights.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The part as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}

/// Mixes every token's vector with those of its neighbours.
pub trait Encode: Debug + Send + Sync {
    /// `x` holds the tokens of sequences of the given lengths, one after the other:
    /// `[tokens, width]` -> `[tokens, width]`.
    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2>;

    /// The trainable weights.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The part as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}

/// Makes a part with its first weights.
type Make<Part> = dyn Fn(&mut Init<'_>) -> Box<Part> + Send + Sync;

/// What is needed to make a part of a network: all but the weights.
pub struct Recipe<Part: ?Sized> {
    /// Length of the vectors that the part gives.
    pub width: usize,
    make: Box<Make<Part>>,
}

impl<Part: ?Sized> Recipe<Part> {
    /// A recipe for a part that gives vectors of length `width`.
    pub fn new(
        width: usize,
        make: impl Fn(&mut Init<'_>) -> Box<Part> + Send + Sync + 'static,
    ) -> Recipe<Part> {
        Recipe { width, make: Box::new(make) }
    }

    /// Makes the part.
    pub fn make(&self, init: &mut Init<'_>) -> Box<Part> {
        (self.make)(init)
    }
}

impl<Part: ?Sized> Debug for Recipe<Part> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recipe").field("width", &self.width).finish_non_exhaustive()
    }
}

/// Token vectors in context: an embedding and an encoder on top of it.
#[derive(Debug)]
pub struct Tok2Vec {
    embed: Box<dyn Embed>,
    encode: Box<dyn Encode>,
    width: usize,
}

impl Tok2Vec {
    /// The vectors of all tokens of `docs`, one document after the other: `[tokens, width]`. There must be a token.
    pub fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let embedded = self.embed.forward(docs, mode);
        let lengths: Vec<usize> = docs.iter().map(|doc| doc.len()).collect();
        self.encode.forward(embedded, &lengths, mode)
    }

    /// Length of the vectors.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The trainable weights.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let mut parameters = self.embed.parameters_mut();
        parameters.extend(self.encode.parameters_mut());
        parameters
    }

    /// The model as Thinc describes it.
    pub fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let embed = self.embed.layer(tree);
        let encode = self.encode.layer(tree);
        let chain = chain([embed.clone(), encode.clone()]).dim("nO", self.width);
        chain.reference("embed", &embed).reference("encode", &encode).into()
    }
}

/// Token vectors from an embedding and an encoder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tok2VecConfig {
    /// Gives every token a vector.
    pub embed: Block,
    /// Mixes it with its neighbours' vectors.
    pub encode: Block,
}

/// `spacy.Tok2Vec.v2`
pub(crate) fn tok2vec(config: Tok2VecConfig, builder: &Builder<'_>) -> Result<Recipe<Tok2Vec>, ConfigError> {
    let embed: Recipe<dyn Embed> = builder.build(Kind::Architectures, &config.embed)?;
    let encode: Recipe<dyn Encode> = builder.build(Kind::Architectures, &config.encode)?;
    if embed.width != encode.width {
        let message = format!("expected the width of the embedding, {}, found {}", embed.width, encode.width);
        return Err(builder.invalid("encode.width", message));
    }
    Ok(compose(embed, encode))
}

/// An encoder on top of an embedding.
pub(crate) fn compose(embed: Recipe<dyn Embed>, encode: Recipe<dyn Encode>) -> Recipe<Tok2Vec> {
    let width = encode.width;
    Recipe::new(width, move |init| {
        let embed = embed.make(init);
        Box::new(Tok2Vec { embed, encode: encode.make(init), width })
    })
}

use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::Doc;
use ner_layers::{HashEmbed, Mode, to_vec};
use ner_thinc::{Layer, chain, with_array};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::window_encoder::{Version, WindowEncoder, WindowRecipe};
use crate::word_memory::{KnownWords, WordMemory};
use crate::{DistinctWords, LayerTree, Parameter, Recipe, TokenSource, TokenVectors};

/// Gives every token a vector that depends on the token alone.
pub trait Embed: Debug + Send + Sync {
    /// The words of `docs`: tokens that have the same vector are one word.
    fn words<'a>(&self, docs: &'a [&'a Doc], mode: &Mode<'_>) -> DistinctWords<'a>;

    /// The vectors of words: `[words, width]`.
    fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2>;

    /// The tables that rows are looked up in: each looks up the column of the words that stands in its place.
    fn tables(&mut self) -> Vec<&mut HashEmbed>;

    /// Length of the static vectors that the part reads from the vocabulary; `None` if it reads none.
    fn vector_width(&self) -> Option<usize> {
        None
    }

    /// One of the weights, which are all on one device, and all recorded for a backward pass or none.
    fn weight(&self) -> Tensor<2>;

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

    /// Does what can be done for [`forward`](Encode::forward) before its input is known, but for the lengths.
    fn prepare(&self, _lengths: &[usize], _is_training: bool) {}

    /// What is worth remembering of words: their vectors, and what follows from each alone.
    /// `[words, width]` -> `[words, numbers]`
    fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        to_vec(x)
    }

    /// What [`forward`](Encode::forward) gives in prediction.
    fn forward_words(&self, words: &KnownWords<'_>, lengths: &[usize], device: &Device) -> Tensor<2> {
        self.forward(words.vectors(device), lengths, &mut Mode::Predict)
    }

    /// The trainable weights.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The part as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}

/// Token vectors in context: an embedding and an encoder on top of it.
#[derive(Debug)]
pub(crate) struct Tok2Vec {
    embed: Box<dyn Embed>,
    encode: Box<dyn Encode>,
    version: Version,
    width: usize,
    /// What the layers make of words in prediction.
    known: WordMemory,
}

impl TokenVectors for Tok2Vec {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let lengths: Vec<usize> = docs.iter().map(|doc| doc.len()).collect();
        let words = self.embed.words(docs, mode);
        let weight = self.embed.weight();
        // Static vectors may be others in other documents.
        let is_known =
            matches!(mode, Mode::Predict) && !weight.is_autodiff() && self.embed.vector_width().is_none();
        if is_known {
            let numbers = self
                .known
                .of(&words, |words| self.encode.numbers(self.embed.forward(words, &mut Mode::Predict)));
            let words = KnownWords { numbers: &numbers, of_tokens: words.of_tokens(), width: self.width };
            return self.encode.forward_words(&words, &lengths, &weight.device());
        }
        let is_training = matches!(mode, Mode::Train { .. });
        let vectors = rayon::in_place_scope(|scope| {
            scope.spawn(|_| self.encode.prepare(&lengths, is_training));
            self.embed.forward(&words, mode)
        });
        let embedded = mode.dropout(words.spread(vectors));
        self.encode.forward(embedded, &lengths, mode)
    }

    fn lookups(&mut self, docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        self.known.forget();
        let words = self.embed.words(docs, &Mode::Predict);
        let tables = self.embed.tables().into_iter().enumerate();
        let with_rows = tables.map(|(column, table)| {
            let rows = table.rows(words.column(column));
            (table as &mut dyn Parameter, rows)
        });
        with_rows.collect()
    }

    fn width(&self) -> usize {
        self.width
    }

    fn vector_width(&self) -> Option<usize> {
        self.embed.vector_width()
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.known.forget();
        let mut parameters = self.embed.parameters_mut();
        parameters.extend(self.encode.parameters_mut());
        parameters
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let embed = self.embed.layer(tree);
        let encode = self.encode.layer(tree);
        let chain = chain([embed.clone(), encode.clone()]).dim("nO", self.width);
        let encode = match self.version {
            Version::One => encode.layers[0].clone(),
            Version::Two => encode,
        };
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
pub(crate) fn tok2vec(config: Tok2VecConfig, builder: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let embed: Recipe<dyn Embed> = builder.build(Kind::Architectures, &config.embed)?;
    let encode = match window_recipe(&config, builder)? {
        Some(window) if window.version == Version::One => {
            let message =
                "expected an encoder of version 2: one of version 1 only works below a Tok2Vec of version 1";
            return Err(builder.invalid("encode", message));
        }
        Some(window) => list_encoder(window),
        None => builder.build(Kind::Architectures, &config.encode)?,
    };
    checked(&embed, encode.width, builder)?;
    Ok(compose(embed, encode, Version::Two))
}

/// `spacy.Tok2Vec.v1`
pub(crate) fn tok2vec_v1(config: Tok2VecConfig, builder: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let embed: Recipe<dyn Embed> = builder.build(Kind::Architectures, &config.embed)?;
    let Some(window) = window_recipe(&config, builder)? else {
        let message = "expected a window encoder: others only work below a Tok2Vec of version 2";
        return Err(builder.invalid("encode", message));
    };
    checked(&embed, window.width, builder)?;
    Ok(compose(embed, array_encoder(window), Version::One))
}

/// The window encoder that the config names, if it names one.
fn window_recipe(config: &Tok2VecConfig, builder: &Builder<'_>) -> Result<Option<WindowRecipe>, ConfigError> {
    match builder.build(Kind::Architectures, &config.encode) {
        Err(ConfigError::WrongProduct { .. }) => Ok(None),
        recipe => recipe.map(Some),
    }
}

fn checked(embed: &Recipe<dyn Embed>, encode: usize, builder: &Builder<'_>) -> Result<(), ConfigError> {
    if embed.width == encode {
        return Ok(());
    }
    let message = format!("expected the width of the embedding, {}, found {encode}", embed.width);
    Err(builder.invalid("encode.width", message))
}

/// A window encoder that joins sequences itself.
pub(crate) fn list_encoder(window: WindowRecipe) -> Recipe<dyn Encode> {
    Recipe::new(window.width, move |init| Box::new(window.make(window.padding(), init)) as Box<dyn Encode>)
}

/// A window encoder around which version 1 of [`Tok2Vec`] joins sequences.
fn array_encoder(window: WindowRecipe) -> Recipe<dyn Encode> {
    // spaCy: an encoder of version 2 says nothing of what it sees, and gets no zero rows (spacy-legacy, tok2vec.py).
    let padding = if window.version == Version::One { window.padding() } else { 0 };
    Recipe::new(window.width, move |init| {
        Box::new(ArrayEncoder { encoder: window.make(padding, init), version: window.version, padding })
            as Box<dyn Encode>
    })
}

/// A window encoder of either version inside of version 1 of [`Tok2Vec`].
#[derive(Debug)]
struct ArrayEncoder {
    encoder: WindowEncoder,
    version: Version,
    padding: usize,
}

impl Encode for ArrayEncoder {
    fn prepare(&self, lengths: &[usize], is_training: bool) {
        self.encoder.prepare(lengths, is_training);
    }

    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        self.encoder.forward(x, lengths, mode)
    }

    fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        self.encoder.numbers(x)
    }

    fn forward_words(&self, words: &KnownWords<'_>, lengths: &[usize], device: &Device) -> Tensor<2> {
        self.encoder.forward_words(words, lengths, device)
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.encoder.parameters_mut()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let encoder = match self.version {
            Version::One => self.encoder.stack(tree),
            Version::Two => self.encoder.layer(tree),
        };
        with_array(encoder, self.padding).into()
    }
}

/// An encoder on top of an embedding.
pub(crate) fn compose(embed: Recipe<dyn Embed>, encode: Recipe<dyn Encode>, version: Version) -> TokenSource {
    let width = encode.width;
    TokenSource::Own(Recipe::new(width, move |init| {
        // Thinc draws the first weights from the first layer to the last, so the embedding comes first.
        let embed = embed.make(init);
        let encode = encode.make(init);
        let tok2vec = Tok2Vec { embed, encode, version, width, known: WordMemory::default() };
        Box::new(tok2vec) as Box<dyn TokenVectors>
    }))
}

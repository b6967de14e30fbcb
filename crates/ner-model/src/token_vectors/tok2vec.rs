use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::Doc;
use ner_layers::Mode;
use ner_thinc::{Layer, chain};
use ner_vocab::{Attribute, Vocab};
use schemars::JsonSchema;
use serde::Deserialize;

use super::word_memory::WordMemory;
use crate::encode::array_encoder::ArrayEncoder;
use crate::encode::window_encoder::WindowEncoder;
use crate::encode::window_recipe::{Version, WindowRecipe};
use crate::{
    DistinctWords, Embed, Encode, KnownWords, LayerTree, Parameter, Recipe, TokenSource, TokenVectors,
};

/// Token vectors in context: an embedding and an encoder on top of it.
#[derive(Debug)]
pub(crate) struct Tok2Vec {
    embed: Box<dyn Embed>,
    encode: Box<dyn Encode>,
    version: Version,
    width: usize,
    /// The numbers of words that were met before, for prediction.
    known: WordMemory,
}

impl Tok2Vec {
    /// Whether the numbers of words are remembered in prediction.
    fn remembers(&self) -> bool {
        // Weights that are recorded for a backward pass must take part in each pass.
        !self.embed.weight().is_autodiff()
    }

    /// The vocabulary whose static vectors the embedding reads; `None` if it reads none.
    fn vocab<'a>(&self, docs: &[&'a Doc]) -> Option<&'a Arc<Vocab>> {
        self.embed.vector_width().and_then(|_| docs.first()).map(|doc| doc.vocab())
    }

    /// Whether equal words of these documents have equal vectors: words are told apart by their attributes, but those of
    /// two vocabularies may have different static vectors.
    fn is_one_vocab(&self, docs: &[&Doc]) -> bool {
        self.vocab(docs).is_none_or(|vocab| docs.iter().all(|doc| Arc::ptr_eq(doc.vocab(), vocab)))
    }

    /// Encodes words from the numbers that are remembered of them.
    fn with_known(
        &self,
        words: &DistinctWords<'_>,
        encode: impl FnOnce(&KnownWords<'_>, &Device) -> Tensor<2>,
    ) -> Tensor<2> {
        let embed = |words: &DistinctWords<'_>| self.embed.forward(words, &mut Mode::Predict);
        let vocab = self.vocab(words.docs());
        let numbers = self.known.of(words, vocab, |words| self.encode.numbers(embed(words)));
        let known = KnownWords { numbers: &numbers, of_tokens: words.of_tokens(), width: self.width };
        encode(&known, &self.embed.weight().device())
    }
}

impl TokenVectors for Tok2Vec {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let lengths: Vec<usize> = docs.iter().map(|doc| doc.len()).collect();
        let words = self.embed.words(docs, mode);
        if matches!(mode, Mode::Predict) && self.remembers() && self.is_one_vocab(docs) {
            return self
                .with_known(&words, |words, device| self.encode.forward_words(words, &lengths, device));
        }
        let is_training = matches!(mode, Mode::Train { .. });
        // Embedding small batches leaves a second thread without work: laying out the encoder's weights there meanwhile takes a
        // twelfth off a small step.
        let vectors = rayon::in_place_scope(|scope| {
            scope.spawn(|_| self.encode.prepare(&lengths, is_training));
            self.embed.forward(&words, mode)
        });
        let embedded = mode.dropout(words.spread(vectors));
        self.encode.forward(embedded, &lengths, mode)
    }

    fn stretch(&self, doc: &Doc, tokens: Range<usize>) -> Tensor<2> {
        let Some(encoder) = self.encode.stretches().filter(|_| self.is_local()) else {
            return self.forward(&[doc], &mut Mode::Predict).slice([tokens, 0..self.width]);
        };
        let reach = encoder.reach();
        let first = tokens.start.saturating_sub(reach);
        let seen = doc.stretch(first..doc.len().min(tokens.end + reach));
        let docs = [&seen];
        let words = self.embed.words(&docs, &mut Mode::Predict);
        self.with_known(&words, |words, device| encoder.forward_stretch(words, first, tokens, device))
    }

    fn is_local(&self) -> bool {
        self.remembers() && self.embed.reads_words_alone() && self.encode.stretches().is_some()
    }

    fn lookups(&mut self, docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        // The caller brings the rows up to date, so the numbers of their words are stale.
        self.known.forget();
        // Those of a prediction, whatever the mode. Rows that training may draw besides are named by the embedding.
        let words = self.embed.words(docs, &mut Mode::Predict);
        self.embed.lookups(&words)
    }

    fn counts_words(&self) -> bool {
        self.embed.counts_words()
    }

    fn count_words(&mut self, docs: &mut dyn Iterator<Item = &Doc>) {
        self.known.forget();
        self.embed.count_words(docs);
    }

    fn width(&self) -> usize {
        self.width
    }

    fn attributes(&self) -> Vec<Attribute> {
        self.embed.attributes()
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
        // In version 1 the reference is to the encoder inside of the wrapper that joins sequences.
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
        Some(window) => WindowEncoder::recipe(window),
        None => builder.build(Kind::Architectures, &config.encode)?,
    };
    check_widths(&embed, encode.width, builder)?;
    Ok(compose(embed, encode, Version::Two))
}

/// `spacy.Tok2Vec.v1`
pub(crate) fn tok2vec_v1(config: Tok2VecConfig, builder: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let embed: Recipe<dyn Embed> = builder.build(Kind::Architectures, &config.embed)?;
    let Some(window) = window_recipe(&config, builder)? else {
        let message = "expected a window encoder: others only work below a Tok2Vec of version 2";
        return Err(builder.invalid("encode", message));
    };
    check_widths(&embed, window.width, builder)?;
    Ok(compose(embed, ArrayEncoder::recipe(window), Version::One))
}

/// The window encoder that the config names, if it names one. Its function gives settings, not a recipe: which of the two
/// parts joins sequences is decided by the version of both.
fn window_recipe(config: &Tok2VecConfig, builder: &Builder<'_>) -> Result<Option<WindowRecipe>, ConfigError> {
    match builder.build(Kind::Architectures, &config.encode) {
        Err(ConfigError::WrongProduct { .. }) => Ok(None),
        recipe => recipe.map(Some),
    }
}

fn check_widths(embed: &Recipe<dyn Embed>, encode: usize, builder: &Builder<'_>) -> Result<(), ConfigError> {
    if embed.width == encode {
        return Ok(());
    }
    let message = format!("expected the width of the embedding, {}, found {encode}", embed.width);
    Err(builder.invalid("encode.width", message))
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

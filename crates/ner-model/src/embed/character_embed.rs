use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Builder, ConfigError};
use ner_doc::Doc;
use ner_layers::{ByteEmbed, HashEmbed, Init, MaxoutWindow, Mode};
use ner_thinc::{Layer, chain, concatenate, with_array};
use ner_vocab::{Attribute, Lexeme};
use schemars::JsonSchema;
use serde::Deserialize;

use super::static_vectors::{StaticVectors, UnknownWords};
use super::table_layer::table_layer;
use crate::argument_checks::{check_at_least_one, check_weights};
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::{DistinctWords, Embed, LayerTree, Parameter, Recipe};

/// Embeddings of the first and last bytes of a word and of one of its attributes, mixed by a maxout layer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "the names are spaCy's")]
pub(crate) struct CharacterEmbedConfig {
    /// Length of the vectors, of the attribute's as of the mix.
    pub width: usize,
    /// Rows of the attribute's table.
    pub rows: usize,
    /// Length of a byte's vector.
    pub nM: usize,
    /// Number of bytes, taken from both ends of a word.
    pub nC: usize,
    /// Whether the vocabulary's static vectors are mixed in.
    pub include_static_vectors: bool,
    /// The attribute.
    #[serde(default = "feature")]
    pub feature: String,
}

fn feature() -> String {
    "LOWER".to_owned()
}

/// The seed of the attribute's table, by which it hashes, fixed in spaCy.
const SEED: u32 = 5;
/// Pieces of the mixing maxout, fixed in spaCy.
const MIX_PIECES: usize = 3;

/// Embeddings of the first and last bytes of a word and of one of its attributes, mixed by a maxout layer.
#[derive(Debug)]
pub(crate) struct CharacterEmbed {
    bytes: ByteEmbed,
    feature: Attribute,
    table: HashEmbed,
    static_vectors: Option<StaticVectors>,
    mix: NormalisedMaxout,
    width: usize,
}

impl CharacterEmbed {
    /// The first and last bytes of each word, `[words, places]`.
    fn bytes_of(&self, words: &DistinctWords<'_>) -> Vec<u8> {
        let [n_places, _, _] = self.bytes.table.dims();
        let mut bytes = vec![0; words.len() * n_places];
        for (bytes, (doc, token)) in bytes.chunks_exact_mut(n_places).zip(words.places()) {
            Lexeme::write_bytes(doc.tokens[token].text(), bytes);
        }
        bytes
    }

    /// Whether each byte of all tokens learns: those do that no later token of the document has in the same place.
    ///
    /// spaCy: gradients are added by an indexed assignment of NumPy, which keeps the last of several
    /// (_character_embed.py).
    fn last_of_their_kind(&self, docs: &[&Doc], bytes: &[u8]) -> Vec<bool> {
        let [n_places, n_bytes, _] = self.bytes.table.dims();
        // From the last token to the first, one set of bytes seen for each place.
        let mut is_last = vec![false; bytes.len()];
        let mut rest = bytes.len();
        for doc in docs.iter().rev() {
            let mut seen = vec![false; n_places * n_bytes];
            let start = rest - doc.len() * n_places;
            for index in (start..rest).rev() {
                let kind = index % n_places * n_bytes + usize::from(bytes[index]);
                is_last[index] = !std::mem::replace(&mut seen[kind], true);
            }
            rest = start;
        }
        is_last
    }

    fn byte_layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [n_places, n_bytes, width] = self.bytes.table.dims();
        let layer = Layer::new("charembed").dim("nM", width).dim("nC", n_places);
        let layer = layer.dim("nO", width * n_places).dim("nV", n_bytes);
        let layer = tree.leaf(layer, &[("E", &self.bytes.table)]);
        chain([layer, Layer::new("list2ragged").into()]).dim("nO", width * n_places).into()
    }

    /// spaCy: unlike those of other embeddings, this table never has dropout (ml/models/tok2vec.py).
    fn table_layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let embed: Arc<Layer> = table_layer(&self.table, 0, None, tree).into();
        // spaCy: noted down by its number, while MultiHashEmbed notes names down (models/tok2vec.py).
        let columns: Vec<rmpv::Value> = vec![self.feature.id().into()];
        let extract = Layer::new("extract_features").attr("columns", columns).into();
        chain([extract, Layer::new("list2ragged").into(), with_array(embed, 0).into()]).into()
    }
}

impl Embed for CharacterEmbed {
    fn words<'a>(&self, docs: &'a [&'a Doc], mode: &mut Mode<'_>) -> DistinctWords<'a> {
        // Which byte of a document learns depends on its place there, see `last_of_their_kind`.
        if matches!(mode, Mode::Train { .. }) {
            return DistinctWords::each_token(docs, &[self.feature]);
        }
        // Bytes are those of the text itself, in which words of an equal feature may differ.
        let mut attributes = vec![self.feature, Attribute::ORTH];
        attributes.extend(self.static_vectors.as_ref().map(|_| StaticVectors::attribute(docs)));
        DistinctWords::new(docs, &attributes)
    }

    fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2> {
        let bytes = self.bytes_of(words);
        let bytes = match mode {
            Mode::Predict => self.bytes.forward(&bytes, |_| true),
            Mode::Train { .. } => {
                let is_learned = self.last_of_their_kind(words.docs(), &bytes);
                self.bytes.forward(&bytes, |index| is_learned[index])
            }
        };
        let mut embedded = vec![bytes, self.table.forward(words.column(0))];
        embedded.extend(self.static_vectors.as_ref().map(|vectors| vectors.forward(words, mode)));
        self.mix.forward(Tensor::cat(embedded, 1), &MaxoutWindow::default(), None)
    }

    fn lookups(&mut self, words: &DistinctWords<'_>) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        let rows = self.table.rows(words.column(0));
        vec![(&mut self.table.table, rows)]
    }

    fn reads_words_alone(&self) -> bool {
        self.feature.is_of_word()
    }

    fn vector_width(&self) -> Option<usize> {
        self.static_vectors.as_ref().map(StaticVectors::vector_width)
    }

    fn attributes(&self) -> Vec<Attribute> {
        vec![self.feature]
    }

    fn weight(&self) -> Tensor<2> {
        self.table.table.weight.val()
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let tables = [&mut self.bytes.table as &mut dyn Parameter, &mut self.table.table].into_iter();
        let vectors = self.static_vectors.iter_mut().map(StaticVectors::parameter_mut);
        tables.chain(vectors).chain(self.mix.parameters_mut()).collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let mut parts = vec![self.byte_layer(tree), self.table_layer(tree)];
        parts.extend(self.static_vectors.as_ref().map(|vectors| vectors.layer(tree)));
        let mix = with_array(self.mix.layer(tree), 0).into();
        let list = Layer::new("ragged2list").into();
        chain([concatenate(parts), mix, list]).dim("nO", self.width).into()
    }
}

/// `spacy.CharacterEmbed.v2` and `.v1`
pub(crate) fn character_embed(
    config: CharacterEmbedConfig,
    unknown_words: UnknownWords,
    builder: &Builder<'_>,
) -> Result<Recipe<dyn Embed>, ConfigError> {
    let CharacterEmbedConfig { width, rows, nM: byte_width, nC: n_places, .. } = config;
    let numbers = [("width", width), ("rows", rows), ("nM", byte_width), ("nC", n_places)];
    check_at_least_one(builder, &numbers)?;
    check_weights(builder, "rows", &[rows, width])?;
    check_weights(builder, "nC", &[n_places, 1 << u8::BITS, byte_width])?;
    check_weights(builder, "width", &[width, MIX_PIECES, n_places * byte_width])?;
    check_weights(builder, "width", &[width, MIX_PIECES, width])?;
    let feature = Attribute::from_name(&config.feature)
        .map_err(|error| builder.invalid("feature", error.to_string()))?;
    let n_vectors = 1 + usize::from(config.include_static_vectors);
    Ok(Recipe::new(width, move |init: &mut Init<'_>| {
        let bytes = ByteEmbed::init(n_places, byte_width, init);
        let table = HashEmbed::init(width, rows, SEED, init);
        let static_vectors =
            config.include_static_vectors.then(|| StaticVectors::init(width, unknown_words, init));
        let mix = NormalisedMaxout::init(width, MIX_PIECES, n_places * byte_width + n_vectors * width, init);
        Box::new(CharacterEmbed { bytes, feature, table, static_vectors, mix, width }) as Box<dyn Embed>
    }))
}

use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Builder, ConfigError};
use ner_doc::Doc;
use ner_layers::{HashEmbed, Init, MaxoutWindow, Mode};
use ner_thinc::{Layer, chain, concatenate, with_array};
use ner_vocab::Attribute;
use schemars::JsonSchema;
use serde::Deserialize;

use super::static_vectors::{StaticVectors, UnknownWords};
use super::table_layer::table_layer;
use crate::argument_checks::check_weights;
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::{DistinctWords, Embed, LayerTree, Parameter, Recipe};

/// Hash embeddings of several attributes of a token, mixed by a maxout layer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MultiHashEmbedConfig {
    /// Length of the vectors, of each attribute's as of the mix.
    pub width: usize,
    /// Attributes of tokens, such as NORM, PREFIX, SUFFIX or SHAPE.
    pub attrs: Vec<String>,
    /// Rows of each attribute's table.
    pub rows: Vec<usize>,
    /// Whether the vocabulary's static vectors are mixed in.
    pub include_static_vectors: bool,
}

/// The seed of the first attribute's table, by which it hashes; each other table has the next one.
///
/// spaCy: seeds count from 7, and are raised before the first table (ml/models/tok2vec.py).
const FIRST_SEED: u32 = 8;
/// Pieces of the mixing maxout, fixed in spaCy.
const MIX_PIECES: usize = 3;

/// Hash embeddings of several attributes of a token, mixed by a maxout layer.
#[derive(Debug)]
pub(crate) struct MultiHashEmbed {
    attributes: Vec<Attribute>,
    tables: Vec<HashEmbed>,
    static_vectors: Option<StaticVectors>,
    mix: NormalisedMaxout,
    width: usize,
}

impl Embed for MultiHashEmbed {
    fn words<'a>(&self, docs: &'a [&'a Doc], _: &mut Mode<'_>) -> DistinctWords<'a> {
        let mut attributes = self.attributes.clone();
        attributes.extend(self.static_vectors.as_ref().map(|_| StaticVectors::attribute(docs)));
        DistinctWords::new(docs, &attributes)
    }

    fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2> {
        let column = |(index, table): (usize, &HashEmbed)| table.forward(words.column(index));
        // Masks are drawn table by table, then for the static vectors, as Thinc draws them: in another order
        // the same seed would give other masks.
        let mut embedded: Vec<_> =
            self.tables.iter().enumerate().map(|place| mode.dropout_columns(column(place))).collect();
        embedded.extend(self.static_vectors.as_ref().map(|vectors| vectors.forward(words, mode)));
        self.mix.forward(Tensor::cat(embedded, 1), &MaxoutWindow::default(), None)
    }

    fn lookups(&mut self, words: &DistinctWords<'_>) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        let tables = self.tables.iter_mut().enumerate();
        let with_rows = tables.map(|(column, table)| {
            let rows = table.rows(words.column(column));
            (&mut table.table as &mut dyn Parameter, rows)
        });
        with_rows.collect()
    }

    fn reads_words_alone(&self) -> bool {
        self.attributes.iter().all(|attribute| attribute.is_of_word())
    }

    fn vector_width(&self) -> Option<usize> {
        self.static_vectors.as_ref().map(StaticVectors::vector_width)
    }

    fn attributes(&self) -> Vec<Attribute> {
        self.attributes.clone()
    }

    fn weight(&self) -> Tensor<2> {
        self.tables[0].table.weight.val()
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let tables = self.tables.iter_mut().map(|table| &mut table.table as &mut dyn Parameter);
        let vectors = self.static_vectors.iter_mut().map(StaticVectors::parameter_mut);
        tables.chain(vectors).chain(self.mix.parameters_mut()).collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        // Thinc's file nests a concatenation of tables below the wrapper that joins documents to one array, and the static
        // vectors, which find their words themselves, beside it.
        let columns: Vec<rmpv::Value> =
            self.attributes.iter().map(|attribute| attribute.name().into()).collect();
        let extract = Layer::new("extract_features").attr("columns", columns).into();
        let dropout_rate = Some(tree.dropout_rate());
        let tables = self.tables.iter().enumerate();
        let tables: Vec<_> =
            tables.map(|(column, table)| table_layer(table, column, dropout_rate, tree).into()).collect();
        let tables: Arc<Layer> = with_array(concatenate(tables), 0).into();
        let ragged = Layer::new("list2ragged").into();
        let list = Layer::new("ragged2list").into();
        let layers = match &self.static_vectors {
            None => vec![extract, ragged, tables],
            Some(vectors) => {
                let tables = chain([extract, ragged, tables]).into();
                vec![concatenate([tables, vectors.layer(tree)])]
            }
        };
        let mix = with_array(self.mix.layer(tree), 0).into();
        chain(layers.into_iter().chain([mix, list])).dim("nO", self.width).into()
    }
}

/// `spacy.MultiHashEmbed.v2` and `.v1`
pub(crate) fn multi_hash_embed(
    config: MultiHashEmbedConfig,
    unknown_words: UnknownWords,
    builder: &Builder<'_>,
) -> Result<Recipe<dyn Embed>, ConfigError> {
    if config.attrs.len() != config.rows.len() {
        let message = format!(
            "expected one number for each of the {} attrs, found {}",
            config.attrs.len(),
            config.rows.len()
        );
        return Err(builder.invalid("rows", message));
    }
    if config.rows.is_empty() || config.rows.contains(&0) {
        return Err(builder.invalid("rows", "expected at least one attribute, each with at least one row"));
    }
    for &rows in &config.rows {
        check_weights(builder, "rows", &[rows, config.width])?;
    }
    // One more than there are tables, for static vectors.
    check_weights(builder, "width", &[config.width, MIX_PIECES, config.width, config.rows.len() + 1])?;
    let attribute = |name: &String| {
        Attribute::from_name(name).map_err(|error| builder.invalid("attrs", error.to_string()))
    };
    let attributes = config.attrs.iter().map(attribute).collect::<Result<Vec<_>, _>>()?;
    let MultiHashEmbedConfig { width, rows, include_static_vectors, .. } = config;
    Ok(Recipe::new(width, move |init: &mut Init<'_>| {
        let attributes = attributes.clone();
        let seeded = rows.iter().zip(FIRST_SEED..);
        let tables = seeded.map(|(&rows, seed)| HashEmbed::init(width, rows, seed, init)).collect();
        let static_vectors = include_static_vectors.then(|| StaticVectors::init(width, unknown_words, init));
        let n_vectors = attributes.len() + usize::from(include_static_vectors);
        let mix = NormalisedMaxout::init(width, MIX_PIECES, width * n_vectors, init);
        Box::new(MultiHashEmbed { attributes, tables, static_vectors, mix, width }) as Box<dyn Embed>
    }))
}

use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Builder, ConfigError};
use ner_doc::{Attribute, Doc};
use ner_layers::{HashEmbed, Init, MaxoutWindow, Mode, RowSums};
use ner_thinc::{Layer, chain, concatenate, with_array};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::mixer::Mixer;
use crate::{Embed, LayerTree, Parameter, Recipe};

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

/// The seed of the first attribute's table; the others count on.
const FIRST_SEED: u32 = 8;
/// Pieces of the mixing maxout.
const MIX_PIECES: usize = 3;

/// Hash embeddings of several attributes of a token, mixed by a maxout layer.
#[derive(Debug)]
pub(crate) struct MultiHashEmbed {
    attributes: Vec<Attribute>,
    tables: Vec<HashEmbed>,
    mixer: Mixer,
    width: usize,
}

impl Embed for MultiHashEmbed {
    /// Tokens with the same attributes have the same vector, which is worked out once.
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let words = DistinctWords::new(docs, &self.attributes);
        let column = |(index, table): (usize, &HashEmbed)| table.forward(words.column(index));
        let embedded =
            self.tables.iter().enumerate().map(|place| mode.dropout_columns(column(place))).collect();
        let mixed = self.mixer.forward(Tensor::cat(embedded, 1), MaxoutWindow::default(), None);
        mode.dropout(words.spread(mixed))
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let tables = self.tables.iter_mut().map(|table| &mut table.table as &mut dyn Parameter);
        tables.chain(self.mixer.parameters_mut()).collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let columns: Vec<rmpv::Value> =
            self.attributes.iter().map(|attribute| attribute.name().into()).collect();
        let extract = Layer::new("extract_features").attr("columns", columns).into();
        let tables = self.tables.iter().enumerate().map(|(column, table)| table_layer(table, column, tree));
        let tables: Vec<_> = tables.collect();
        let tables = with_array(concatenate(tables), 0).into();
        let mixer = with_array(self.mixer.layer(tree), 0).into();
        let ragged = Layer::new("list2ragged").into();
        let list = Layer::new("ragged2list").into();
        chain([extract, ragged, tables, mixer, list]).dim("nO", self.width).into()
    }
}

fn table_layer(table: &HashEmbed, column: usize, tree: &mut LayerTree) -> Arc<Layer> {
    let [rows, width] = table.table.dims();
    let embed = Layer::new("hashembed").dim("nO", width).dim("nV", rows).dim("nI", None);
    let embed = embed.attr("column", column as u64).attr("seed", table.seed);
    let embed = tree.leaf(embed.attr("dropout_rate", tree.dropout_rate()), &[("E", &table.table)]);
    let pick = Layer::new("ints-getitem").into();
    chain([pick, embed]).dim("nO", width).attr("column", column as u64).into()
}

/// The different combinations of attribute values in some documents, and the tokens that show each.
struct DistinctWords {
    n_attributes: usize,
    values: Vec<u64>,
    word_of_token: Vec<u32>,
}

impl DistinctWords {
    fn new(docs: &[&Doc], attributes: &[Attribute]) -> DistinctWords {
        let n_attributes = attributes.len();
        let mut indices: HashMap<Box<[u64]>, u32> = HashMap::new();
        let mut words = DistinctWords { n_attributes, values: Vec::new(), word_of_token: Vec::new() };
        let mut values = vec![0; n_attributes];
        for doc in docs {
            for token in 0..doc.len() {
                for (value, &attribute) in values.iter_mut().zip(attributes) {
                    *value = doc.attribute(attribute, token);
                }
                let index = indices.get(values.as_slice()).copied().unwrap_or_else(|| {
                    let index = indices.len() as u32;
                    indices.insert(values.as_slice().into(), index);
                    words.values.extend_from_slice(&values);
                    index
                });
                words.word_of_token.push(index);
            }
        }
        words
    }

    /// One attribute's value of each word.
    fn column(&self, index: usize) -> impl ExactSizeIterator<Item = u64> {
        self.values.chunks_exact(self.n_attributes).map(move |values| values[index])
    }

    /// One row a word -> one row a token.
    fn spread(self, x: Tensor<2>) -> Tensor<2> {
        RowSums::copies(self.word_of_token).forward(x)
    }
}

/// `spacy.MultiHashEmbed.v2`
pub(crate) fn multi_hash_embed(
    config: MultiHashEmbedConfig,
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
    if config.include_static_vectors {
        return Err(builder
            .invalid("include_static_vectors", "expected false: static vectors cannot be mixed in yet"));
    }
    let attribute = |name: &String| {
        Attribute::from_name(name).map_err(|error| builder.invalid("attrs", error.to_string()))
    };
    let attributes = config.attrs.iter().map(attribute).collect::<Result<Vec<_>, _>>()?;
    let MultiHashEmbedConfig { width, rows, .. } = config;
    Ok(Recipe::new(width, move |init: &mut Init<'_>| {
        let seeded = rows.iter().zip(FIRST_SEED..);
        let tables = seeded.map(|(&rows, seed)| HashEmbed::init(width, rows, seed, init)).collect();
        let mixer = Mixer::init(width, MIX_PIECES, width * attributes.len(), init);
        Box::new(MultiHashEmbed { attributes: attributes.clone(), tables, mixer, width }) as Box<dyn Embed>
    }))
}

//! The embedding `ner.WordEmbed.v1`.
//!
//! Most mistakes of a recogniser are made at words that its training corpus lacks. A table of hashed words gives such a
//! word rows that were learned for others. Here it is looked up as the unknown word, and so are beginnings, ends and shapes that
//! training lacks; what is left to go by are those that it has seen, and the word's vector if there is one. What is unknown is
//! learned as the unknown word of Kiperwasser and Goldberg (2016, https://arxiv.org/abs/1603.04351): in training a token's
//! feature is taken for unknown with a probability of `a / (a + count)`, the likelier the rarer it is; here `a` is 1.

mod affixes;
mod characters;
pub(crate) mod config;
mod known_table;
mod vectors;

use std::sync::Arc;

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::{MaxoutWindow, Mode};
use ner_thinc::{Layer, chain, with_array};
use ner_vocab::Attribute;

use super::table_layer::table_layer;
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::word_counts::Counts;
use crate::{DistinctWords, Embed, LayerTree, Parameter};
use affixes::Affixes;
use characters::Characters;
use known_table::{KnownTable, UNKNOWN, drawn, known};
use vectors::WordVectors;

/// Pieces of the mixing maxout, as of spaCy's embeddings.
const MIX_PIECES: usize = 3;
/// The columns of a word's values: its NORM and its text; in training also its affixes and its shape, since which of them are
/// known is drawn for each token.
const NORM: usize = 0;
const ORTH: usize = 1;
const AFFIXES: usize = 2;

/// Embeddings of words, affixes and shapes, mixed by a maxout layer.
#[derive(Debug)]
pub(crate) struct WordEmbed {
    affixes: Affixes,
    /// Of words, by NORM, `[rows, width]`; of each length of affixes, and, the last one, of shapes, `[rows, affix width]`.
    tables: Vec<KnownTable>,
    characters: Option<Characters>,
    vectors: Option<WordVectors>,
    mix: NormalisedMaxout,
    width: usize,
}

impl WordEmbed {
    /// What a token looks up in the tables: its NORM, its affixes, and its shape.
    fn features(&self, doc: &Doc, token: usize) -> impl Iterator<Item = u64> {
        let affixes = self.affixes.ids(doc.tokens[token].text());
        let [norm, shape] =
            [Attribute::NORM, Attribute::SHAPE].map(|attribute| doc.attribute(attribute, token));
        [norm].into_iter().chain(affixes).chain([shape])
    }

    /// The ids that each word looks up in the tables: `[words, tables]`
    fn ids(&self, words: &DistinctWords<'_>) -> Vec<u64> {
        let counts = self.counts();
        let mut ids = Vec::with_capacity(words.len() * self.tables.len());
        for ((doc, token), values) in words.places().zip(words.rows()) {
            ids.push(values[NORM]);
            if values.len() > AFFIXES {
                ids.extend(&values[AFFIXES..]);
            } else {
                let features = self.features(doc, token).zip(&counts).skip(1);
                ids.extend(features.map(|(id, counts)| known(id, counts)));
            }
        }
        ids
    }

    fn counts(&self) -> Vec<Arc<Counts>> {
        self.tables.iter().map(|table| table.counts.get()).collect()
    }
}

impl Embed for WordEmbed {
    fn words<'a>(&self, docs: &'a [&'a Doc], mode: &mut Mode<'_>) -> DistinctWords<'a> {
        let counts = self.counts();
        let Mode::Train { random, .. } = mode else {
            return DistinctWords::with_values(docs, AFFIXES, |doc, token, values| {
                let norm = doc.attribute(Attribute::NORM, token);
                values[NORM] = known(norm, &counts[0]);
                values[ORTH] = doc.attribute(Attribute::ORTH, token);
            });
        };
        DistinctWords::with_values(docs, AFFIXES + counts.len() - 1, |doc, token, values| {
            let mut features = self.features(doc, token).zip(&counts);
            let norm = features.next().map_or(UNKNOWN, |(norm, counts)| drawn(norm, counts, random));
            values[AFFIXES..]
                .iter_mut()
                .zip(features)
                .for_each(|(value, (id, counts))| *value = drawn(id, counts, random));
            (values[NORM], values[ORTH]) = (norm, doc.attribute(Attribute::ORTH, token));
        })
    }

    fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2> {
        let ids = self.ids(words);
        let column = |column: usize| ids.chunks_exact(self.tables.len()).map(move |ids| ids[column]);
        let tables = self.tables.iter().enumerate();
        let mut parts: Vec<Tensor<2>> =
            tables.map(|(index, table)| table.embed.forward(column(index))).collect();
        let texts = || words.places().map(|(doc, token)| doc.tokens[token].text());
        parts.extend(self.characters.as_ref().map(|characters| characters.forward(texts())));
        // In training an unknown word has no vector either. At a prediction it may have one; but with the words that training has,
        // the vectors would tell apart all that is to be taken for unknown. F by halves of dev, one to three seeds, with vectors of
        // `train-vectors`: 39.0 on WNUT-17 and 83.4 on BC5CDR; losing them every other time 38.2 and 83.1; independently of the
        // word, 37.6 and 83.3. With those of `en_core_web_md` it made no difference.
        let is_training = matches!(mode, Mode::Train { .. });
        let has_vector = |values: &[u64]| !is_training || values[NORM] != UNKNOWN;
        parts.extend(self.vectors.as_ref().map(|vectors| vectors.forward(words, has_vector)));
        self.mix.forward(Tensor::cat(parts, 1), &MaxoutWindow::default(), None)
    }

    fn lookups(&mut self, words: &DistinctWords<'_>) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        let ids = self.ids(words);
        let n_tables = self.tables.len();
        let mut lookups: Vec<(&mut dyn Parameter, Vec<u32>)> = Vec::with_capacity(n_tables);
        for (column, table) in self.tables.iter_mut().enumerate() {
            // In training any of them may be taken for unknown.
            let ids = ids.chunks_exact(n_tables).map(|ids| ids[column]).chain([UNKNOWN]);
            let rows = table.embed.rows(ids);
            lookups.push((&mut table.embed.table, rows));
        }
        lookups
    }

    fn counts_words(&self) -> bool {
        true
    }

    fn count_words(&mut self, docs: &mut dyn Iterator<Item = &Doc>) {
        let mut counts = vec![Counts::default(); self.tables.len()];
        for doc in docs {
            for token in 0..doc.len() {
                counts.iter_mut().zip(self.features(doc, token)).for_each(|(counts, id)| counts.add(id));
            }
        }
        self.tables.iter().zip(counts).for_each(|(table, counts)| table.counts.set(counts));
    }

    fn reads_words_alone(&self) -> bool {
        true
    }

    fn vector_width(&self) -> Option<usize> {
        self.vectors.as_ref().map(WordVectors::vector_width)
    }

    fn attributes(&self) -> Vec<Attribute> {
        vec![Attribute::NORM, Attribute::ORTH, Attribute::SHAPE]
    }

    fn weight(&self) -> Tensor<2> {
        self.tables[0].embed.table.weight.val()
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let tables = self.tables.iter_mut().map(|table| &mut table.embed.table as &mut dyn Parameter);
        let mut parameters: Vec<&mut dyn Parameter> = tables.collect();
        parameters.extend(self.characters.iter_mut().flat_map(Characters::parameters_mut));
        parameters.extend(self.vectors.iter_mut().flat_map(WordVectors::parameters_mut));
        parameters.extend(self.mix.parameters_mut());
        parameters
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let tables = self.tables.iter().enumerate();
        let mut layers: Vec<Arc<Layer>> = Vec::new();
        for (column, table) in tables {
            let layer = table_layer(&table.embed, column, None, tree);
            layers.push(tree.leaf_with_words(layer, &table.counts));
        }
        layers.extend(self.characters.as_ref().map(|characters| characters.layer(tree)));
        layers.extend(self.vectors.as_ref().map(|vectors| vectors.layer(tree)));
        let lengths = |lengths: &[usize]| -> Vec<rmpv::Value> {
            lengths.iter().map(|&length| (length as u64).into()).collect()
        };
        let features = Layer::new("ner_word_features")
            .attr("prefixes", lengths(&self.affixes.prefixes))
            .attr("suffixes", lengths(&self.affixes.suffixes))
            .layers(layers);
        let mix = with_array(self.mix.layer(tree), 0).into();
        chain([features.into(), mix]).dim("nO", self.width).into()
    }
}

//! The embedding `ner.WordEmbed.v1`.
//!
//! Most mistakes of a recogniser are made at words that its training corpus lacks. A table of hashed words gives such a
//! word rows that were learned for others. Here it gets a vector of its own, that of the unknown word, and what is left to
//! go by are its beginning, its end, its shape, and its vector if there is one. The unknown word is learned as in Kiperwasser
//! and Goldberg (2016, https://arxiv.org/abs/1603.04351): in training a token is taken for it with a probability of `a / (a +
//! count)`, the likelier the rarer its word is; here `a` is 1.

mod affixes;
mod characters;
pub(crate) mod config;
mod vectors;

use std::sync::Arc;

use burn::module::Param;
use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::{HashEmbed, MaxoutWindow, Mode, RowSums};
use ner_thinc::{Layer, chain, with_array};
use ner_vocab::Attribute;

use super::table_layer::table_layer;
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::word_counts::{Counts, WordCounts};
use crate::{DistinctWords, Embed, LayerTree, Parameter};
use affixes::Affixes;
use characters::Characters;
use vectors::WordVectors;

/// Pieces of the mixing maxout, as of spaCy's embeddings.
const MIX_PIECES: usize = 3;
/// The columns of a word's values: its NORM, or 0 for the unknown word, and its text.
const NORM: usize = 0;
const N_COLUMNS: usize = 2;
/// The id of the empty string, which is no word: stands for one that the training corpus lacks.
const UNKNOWN: u64 = 0;
/// The same for one that has no vector either; in training alone, where the table may have one.
const WITHOUT_VECTOR: u64 = u64::MAX;
/// How often a word that is taken for an unknown one loses its vector, too, since unknown words often have none. Against never,
/// with one seed: 82.0 for 81.4 on BC5CDR with vectors of other texts, 83.2 for 83.0 with those of `en_core_web_md`, and 0.5 less
/// with either on WNUT-17.
const VECTOR_DROPOUT: f64 = 0.5;

/// Embeddings of words, affixes and shapes, mixed by a maxout layer.
#[derive(Debug)]
pub(crate) struct WordEmbed {
    affixes: Affixes,
    /// Of words, by NORM: `[rows, width]`
    table: HashEmbed,
    /// The vector of all words that the training corpus lacks, `[1, width]`
    unknown: Param<Tensor<2>>,
    /// Of each length of affixes and, the last one, of shapes: `[rows, affix width]`
    affix_tables: Vec<HashEmbed>,
    characters: Option<Characters>,
    vectors: Option<WordVectors>,
    mix: NormalisedMaxout,
    /// How often each NORM stood in the training corpus.
    counts: WordCounts,
    width: usize,
}

impl WordEmbed {
    /// The ids that each word looks up in the tables of affixes and shapes: `[words, tables]`
    fn affix_ids(&self, words: &DistinctWords<'_>) -> Vec<u64> {
        let ids = words.places().flat_map(|(doc, token)| {
            let shape = doc.attribute(Attribute::SHAPE, token);
            self.affixes.ids(doc.tokens[token].text()).chain([shape])
        });
        ids.collect()
    }

    /// The vectors of words by their NORM, or that of the unknown word: `[words, width]`
    fn norms(&self, words: &DistinctWords<'_>) -> Tensor<2> {
        let known: Vec<u64> = words.column(NORM).filter(|&norm| is_known(norm)).collect();
        let unknown = known.len() as u32;
        let mut next = 0..unknown;
        let mut row = |norm| if is_known(norm) { next.next().unwrap_or(unknown) } else { unknown };
        let rows = RowSums::copies(words.column(NORM).map(&mut row).collect());
        if known.is_empty() {
            return rows.forward(self.unknown.val());
        }
        rows.forward(Tensor::cat(vec![self.table.forward(known.into_iter()), self.unknown.val()], 0))
    }
}

fn is_known(norm: u64) -> bool {
    norm != UNKNOWN && norm != WITHOUT_VECTOR
}

impl Embed for WordEmbed {
    fn words<'a>(&self, docs: &'a [&'a Doc], mode: &mut Mode<'_>) -> DistinctWords<'a> {
        let counts = self.counts.get();
        DistinctWords::with_values(docs, N_COLUMNS, |doc, token, values| {
            let norm = doc.attribute(Attribute::NORM, token);
            values[NORM] = match (counts.get(norm), &mut *mode) {
                (None, Mode::Predict) => UNKNOWN,
                (Some(_), Mode::Predict) => norm,
                // 1 / (1 + count): in a prototype of one seed 1.6 F further than no unknown word on BC5CDR, and 3.8 on
                // WNUT-17; with 3 / (3 + count), and all words that stand once unknown, F was lower again.
                (count, Mode::Train { random, .. }) => match count {
                    Some(count) if random.random() * f64::from(count + 1) >= 1.0 => norm,
                    _ if self.vectors.is_none() || random.random() >= VECTOR_DROPOUT => UNKNOWN,
                    _ => WITHOUT_VECTOR,
                },
            };
            values[1] = doc.attribute(Attribute::ORTH, token);
        })
    }

    fn forward(&self, words: &DistinctWords<'_>, _: &mut Mode<'_>) -> Tensor<2> {
        let ids = self.affix_ids(words);
        let n_tables = self.affix_tables.len();
        let column = |column: usize| ids.chunks_exact(n_tables).map(move |ids| ids[column]);
        let mut parts = vec![self.norms(words)];
        parts.extend(self.affix_tables.iter().enumerate().map(|(index, table)| table.forward(column(index))));
        let texts = || words.places().map(|(doc, token)| doc.tokens[token].text());
        parts.extend(self.characters.as_ref().map(|characters| characters.forward(texts())));
        parts.extend(
            self.vectors.as_ref().map(|vectors| vectors.forward(words, |word| word[NORM] != WITHOUT_VECTOR)),
        );
        self.mix.forward(Tensor::cat(parts, 1), &MaxoutWindow::default(), None)
    }

    fn lookups(&mut self, words: &DistinctWords<'_>) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        let ids = self.affix_ids(words);
        let n_tables = self.affix_tables.len();
        let norms = self.table.rows(words.column(NORM).filter(|&norm| is_known(norm)));
        let mut lookups: Vec<(&mut dyn Parameter, Vec<u32>)> = vec![(&mut self.table.table, norms)];
        for (column, table) in self.affix_tables.iter_mut().enumerate() {
            let rows = table.rows(ids.chunks_exact(n_tables).map(|ids| ids[column]));
            lookups.push((&mut table.table, rows));
        }
        lookups
    }

    fn counts_words(&self) -> bool {
        true
    }

    fn count_words(&mut self, docs: &mut dyn Iterator<Item = &Doc>) {
        let mut counts = Counts::default();
        for doc in docs {
            (0..doc.len()).for_each(|token| counts.add(doc.attribute(Attribute::NORM, token)));
        }
        self.counts.set(counts);
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
        self.table.table.weight.val()
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let mut parameters: Vec<&mut dyn Parameter> = vec![&mut self.table.table, &mut self.unknown];
        parameters.extend(self.affix_tables.iter_mut().map(|table| &mut table.table as &mut dyn Parameter));
        parameters.extend(self.characters.iter_mut().flat_map(Characters::parameters_mut));
        parameters.extend(self.vectors.iter_mut().flat_map(WordVectors::parameters_mut));
        parameters.extend(self.mix.parameters_mut());
        parameters
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let tables = [&self.table].into_iter().chain(&self.affix_tables).enumerate();
        let mut layers: Vec<_> =
            tables.map(|(column, table)| table_layer(table, column, None, tree)).collect();
        layers.extend(self.characters.as_ref().map(|characters| characters.layer(tree)));
        layers.extend(self.vectors.as_ref().map(|vectors| vectors.layer(tree)));
        let lengths = |lengths: &[usize]| -> Vec<rmpv::Value> {
            lengths.iter().map(|&length| (length as u64).into()).collect()
        };
        let features = Layer::new("ner_word_features")
            .attr("prefixes", lengths(&self.affixes.prefixes))
            .attr("suffixes", lengths(&self.affixes.suffixes))
            .layers(layers);
        let features = tree.leaf_with_words(features, &[("unknown", &self.unknown)], &self.counts);
        let mix = with_array(self.mix.layer(tree), 0).into();
        chain([features, mix]).dim("nO", self.width).into()
    }
}

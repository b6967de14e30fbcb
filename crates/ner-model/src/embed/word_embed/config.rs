use std::iter;

use ner_config::{Builder, ConfigError};
use ner_layers::{HashEmbed, Init};
use schemars::JsonSchema;
use serde::Deserialize;

use super::affixes::Affixes;
use super::characters::Characters;
use super::known_table::KnownTable;
use super::vectors::WordVectors;
use super::{MIX_PIECES, WordEmbed};
use crate::argument_checks::{check_at_least_one, check_weights};
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::word_counts::WordCounts;
use crate::{Embed, Recipe};

/// Embeddings of words, of their beginnings and ends, and of their shape, mixed by a maxout layer. All words that the training
/// corpus lacks share one vector, which is learned by taking rare words for such ones now and then; so do all beginnings, ends
/// and shapes that it lacks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordEmbedConfig {
    /// Length of the vectors, of the words' as of the mix.
    pub width: usize,
    /// Rows of the table of words.
    #[serde(default = "rows")]
    pub rows: usize,
    /// Lengths in characters of the beginnings of words that are embedded.
    #[serde(default = "prefixes")]
    pub prefixes: Vec<usize>,
    /// Lengths in characters of the ends of words that are embedded.
    #[serde(default = "suffixes")]
    pub suffixes: Vec<usize>,
    /// Length of the vectors of beginnings, ends and shapes.
    #[serde(default = "affix_width")]
    pub affix_width: usize,
    /// Rows of the table of each length of beginnings and ends, and of the table of shapes.
    #[serde(default = "affix_rows")]
    pub affix_rows: usize,
    /// Length of the vectors of characters; 0 for no convolution over characters.
    #[serde(default)]
    pub char_width: usize,
    /// Number of filters of the convolution over characters.
    #[serde(default = "char_filters")]
    pub char_filters: usize,
    /// Whether the vocabulary's static vectors are mixed in.
    #[serde(default)]
    pub include_static_vectors: bool,
}

fn rows() -> usize {
    5000
}

fn prefixes() -> Vec<usize> {
    vec![1, 2, 3, 4]
}

fn suffixes() -> Vec<usize> {
    vec![2, 3, 4, 5]
}

fn affix_width() -> usize {
    48
}

fn affix_rows() -> usize {
    2500
}

fn char_filters() -> usize {
    96
}

/// The seed of the table of words, by which it hashes; each other table has the next one.
const FIRST_SEED: u32 = 8;

/// `ner.WordEmbed.v1`
pub(crate) fn word_embed(
    config: WordEmbedConfig,
    builder: &Builder<'_>,
) -> Result<Recipe<dyn Embed>, ConfigError> {
    let WordEmbedConfig { width, rows, affix_width, affix_rows, char_width, char_filters, .. } = config;
    let numbers = [
        ("width", width),
        ("rows", rows),
        ("affix_width", affix_width),
        ("affix_rows", affix_rows),
        ("char_filters", char_filters),
    ];
    check_at_least_one(builder, &numbers)?;
    for (key, lengths) in [("prefixes", &config.prefixes), ("suffixes", &config.suffixes)] {
        if lengths.contains(&0) {
            return Err(builder.invalid(key, "expected lengths of at least 1, found 0"));
        }
    }
    let affixes = Affixes { prefixes: config.prefixes, suffixes: config.suffixes };
    check_weights(builder, "rows", &[rows, width])?;
    check_weights(builder, "affix_rows", &[affix_rows, affix_width, affixes.count() + 1])?;
    check_weights(builder, "char_filters", &[char_filters, char_width.max(1), 3])?;
    let n_tables = 1 + affixes.count() + 1;
    let n_inputs = width
        + (affixes.count() + 1) * affix_width
        + if char_width > 0 { char_filters } else { 0 }
        + if config.include_static_vectors { width } else { 0 };
    check_weights(builder, "width", &[width, MIX_PIECES, n_inputs])?;
    // Of all networks that are made of one recipe, as it is what they know.
    let counts: Vec<WordCounts> = (0..n_tables).map(|_| WordCounts::default()).collect();
    Ok(Recipe::new(width, move |init: &mut Init<'_>| {
        let sizes = iter::once((width, rows)).chain(iter::repeat((affix_width, affix_rows)));
        let tables = (FIRST_SEED..).zip(sizes).zip(&counts);
        let table = |((seed, (width, rows)), counts): ((u32, (usize, usize)), &WordCounts)| KnownTable {
            embed: HashEmbed::init(width, rows, seed, init),
            counts: counts.clone(),
        };
        Box::new(WordEmbed {
            affixes: affixes.clone(),
            tables: tables.map(table).collect(),
            characters: (char_width > 0).then(|| Characters::init(char_width, char_filters, init)),
            vectors: config.include_static_vectors.then(|| WordVectors::init(width, init)),
            mix: NormalisedMaxout::init(width, MIX_PIECES, n_inputs, init),
            width,
        }) as Box<dyn Embed>
    }))
}

use std::sync::Arc;

use ner_layers::HashEmbed;
use ner_thinc::{Layer, chain};

use crate::{LayerTree, WordCounts};

/// A hash table as Thinc describes it, which looks up one column of the features. `dropout_rate` is noted down if there is
/// one, and so are the counts of what the table has been trained on.
pub(super) fn table_layer(
    table: &HashEmbed,
    column: usize,
    dropout_rate: Option<f64>,
    counts: Option<&WordCounts>,
    tree: &mut LayerTree,
) -> Arc<Layer> {
    let [rows, width] = table.table.weight.dims();
    let embed = Layer::new("hashembed").dim("nO", width).dim("nV", rows).dim("nI", None);
    let embed = embed.attr("column", column as u64).attr("seed", table.seed);
    let embed = match dropout_rate {
        Some(rate) => embed.attr("dropout_rate", rate),
        None => embed,
    };
    let embed = tree.leaf(embed, &[("E", &table.table)]);
    // Thinc notes the column down on the chain as well as on the table (hashembed.py).
    let chain = chain([Layer::new("ints-getitem").into(), embed]);
    let chain = chain.dim("nO", width).attr("column", column as u64);
    match counts {
        Some(counts) => tree.leaf_with_words(chain, counts),
        None => chain.into(),
    }
}

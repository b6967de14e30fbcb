use ner_layers::HashEmbed;
use ner_thinc::{Layer, chain};

use crate::LayerTree;

/// A hash table as Thinc describes it, which looks up one column of the features. `dropout_rate` is noted down if there is
/// one.
pub(super) fn table_layer(
    table: &HashEmbed,
    column: usize,
    dropout_rate: Option<f64>,
    tree: &mut LayerTree,
) -> Layer {
    let [rows, width] = table.table.weight.dims();
    let embed = Layer::new("hashembed").dim("nO", width).dim("nV", rows).dim("nI", None);
    let embed = embed.attr("column", column as u64).attr("seed", table.seed);
    let embed = match dropout_rate {
        Some(rate) => embed.attr("dropout_rate", rate),
        None => embed,
    };
    let embed = tree.leaf(embed, &[("E", &table.table)]);
    // Thinc notes the column down on the chain as well as on the table (hashembed.py).
    chain([Layer::new("ints-getitem").into(), embed]).dim("nO", width).attr("column", column as u64)
}

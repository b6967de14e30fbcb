use std::sync::Arc;

use crate::Layer;

/// One layer after the other, named `first>>second`. Its `nO` is the last layer's; it has an `nI` if the first
/// layer has one. Where the last layer knows no `nO` of its own, set it with [`Layer::dim`].
pub fn chain(layers: impl IntoIterator<Item = Arc<Layer>>) -> Layer {
    let layers: Vec<_> = layers.into_iter().collect();
    // spaCy: Thinc's chain always declares nO, and nI only if its first layer does (thinc/layers/chain.py).
    let output = layers.last().and_then(|last| known(last, "nO"));
    let input = layers.first().and_then(|first| first.node.dims.get("nI").copied());
    let chain = Layer::new(joined_names(&layers, ">>")).dim("nO", output);
    let chain = match input {
        Some(input) => chain.dim("nI", input),
        None => chain,
    };
    chain.layers(layers)
}

/// Layers side by side, their outputs joined, named `first|second`. A single layer is returned as it is.
pub fn concatenate(layers: impl IntoIterator<Item = Arc<Layer>>) -> Arc<Layer> {
    let layers: Vec<_> = layers.into_iter().collect();
    if let [single] = layers.as_slice() {
        return single.clone();
    }
    let output = layers.iter().map(|layer| known(layer, "nO")).sum::<Option<usize>>();
    // spaCy: one layer that declares no nI leaves the whole without (thinc/layers/concatenate.py). All read
    // the same input, so the first nI is that of each.
    let input = layers.iter().map(|layer| layer.node.dims.get("nI").copied()).collect::<Option<Vec<_>>>();
    let joined = Layer::new(joined_names(&layers, "|")).dim("nO", output);
    let joined = match input {
        Some(inputs) => joined.dim("nI", inputs.first().copied().flatten()),
        None => joined,
    };
    joined.layers(layers).into()
}

/// A layer whose input is added to its output.
pub fn residual(layer: impl Into<Arc<Layer>>) -> Layer {
    let layer = layer.into();
    Layer::new(format!("residual({})", layer.node.name))
        .dim("nO", known(&layer, "nO"))
        .dim("nI", known(&layer, "nI"))
        .layers([layer])
}

/// A layer over one array of all sequences, with `pad` zero rows around each of them.
pub fn with_array(layer: impl Into<Arc<Layer>>, pad: usize) -> Layer {
    let layer = layer.into();
    let mut wrapper = Layer::new(format!("with_array({})", layer.node.name)).attr("pad", pad as u64);
    wrapper.node.dims.clone_from(&layer.node.dims);
    wrapper.layers([layer])
}

/// A layer over sequences side by side, the short ones filled up.
pub fn with_padded(layer: impl Into<Arc<Layer>>) -> Layer {
    let layer = layer.into();
    let mut wrapper = Layer::new(format!("with_padded({})", layer.node.name));
    wrapper.node.dims.clone_from(&layer.node.dims);
    wrapper.layers([layer])
}

fn known(layer: &Layer, dim: &str) -> Option<usize> {
    layer.node.dims.get(dim).copied().flatten()
}

fn joined_names(layers: &[Arc<Layer>], separator: &str) -> String {
    layers.iter().map(|layer| layer.node.name.as_str()).collect::<Vec<_>>().join(separator)
}

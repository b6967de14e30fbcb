use std::sync::Arc;

use ner_config::{Builder, ConfigError, Kind, Registry};
use ner_layers::Reduce;
use ner_thinc::Layer;
use schemars::JsonSchema;
use serde::Deserialize;

/// A pooling of Thinc, which has no settings.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReduceConfig {}

/// Every pooling, by the name of its layer.
const POOLINGS: [(&str, Reduce); 5] = [
    ("reduce_mean", Reduce::Mean),
    ("reduce_sum", Reduce::Sum),
    ("reduce_max", Reduce::Max),
    ("reduce_first", Reduce::First),
    ("reduce_last", Reduce::Last),
];

/// Registers `reduce_mean.v1` and the like.
pub(crate) fn register(registry: &mut Registry) {
    for (name, reduce) in POOLINGS {
        let build = move |_: ReduceConfig, _: &Builder<'_>| -> Result<Reduce, ConfigError> { Ok(reduce) };
        registry.add(Kind::Layers, &format!("{name}.v1"), build);
    }
}

/// A pooling as Thinc describes it.
pub(crate) fn layer(pooling: Reduce) -> Arc<Layer> {
    let (name, _) =
        POOLINGS.into_iter().find(|(_, reduce)| *reduce == pooling).expect("every pooling has a name");
    Layer::new(name).into()
}

use std::collections::BTreeMap;

use ner_config::{Block, Builder, ConfigError, Kind};
use schemars::JsonSchema;
use serde::Deserialize;

use super::member::Member;
use super::optimizer::Grouped;
use crate::optimizer::Optimizer;

/// Optimisers of their own for some components.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupedConfig {
    /// The optimiser of all components that have none of their own.
    pub default: Block,
    /// Optimisers by the name of a component.
    pub groups: BTreeMap<String, Block>,
}

/// Builds an optimiser that sends each parameter to that of its group.
pub(crate) fn grouped(config: GroupedConfig, builder: &Builder) -> Result<Box<dyn Optimizer>, ConfigError> {
    let blocks = config.groups.iter().map(|(group, block)| (Some(group.clone()), block));
    let members = [(None, &config.default)].into_iter().chain(blocks).map(|(group, block)| {
        let optimizer = builder.build(Kind::Optimizers, block)?;
        Ok(Member { group, optimizer })
    });
    Ok(Box::new(Grouped::new(members.collect::<Result<_, ConfigError>>()?)))
}

use std::collections::HashMap;

use ner_config::{Block, ConfigError, Kind, NlpConfig, Registry, ResolvedConfig};
use ner_hub::EncoderPlaces;
use ner_model::EncoderSources;
use serde::Deserialize;

/// What `[initialize.components]` says of a component's encoder.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Loaders {
    encoder_loader: Option<Block>,
    piecer_loader: Option<Block>,
}

/// Where the pretrained encoder of each component comes from: the folders that the registry knows, and the loaders that the
/// config names.
pub(super) fn encoder_sources(
    config: &ResolvedConfig,
    nlp: &NlpConfig,
    registry: &Registry,
) -> Result<HashMap<String, EncoderSources>, ConfigError> {
    let places = EncoderPlaces {
        folders: registry.encoder_folders().to_vec(),
        caches: registry.encoder_caches().to_vec(),
    };
    let sources = nlp.pipeline.iter().map(|name| {
        let path = format!("initialize.components.{name}");
        let loaders: Loaders = match config.get(&path) {
            Some(_) => config.block(&path)?.read()?,
            None => Loaders::default(),
        };
        let encoder_loader = loaders.encoder_loader.as_ref();
        let piecer_loader = loaders.piecer_loader.as_ref();
        let sources = EncoderSources {
            places: places.clone(),
            encoder_loader: encoder_loader
                .map(|block| registry.build(Kind::ModelLoaders, block))
                .transpose()?,
            piecer_loader: piecer_loader
                .map(|block| registry.build(Kind::ModelLoaders, block))
                .transpose()?,
        };
        Ok((name.clone(), sources))
    });
    sources.collect()
}

//! Configuration documents in TOML and .cfg, and the registry that builds what they name.
//!
//! It knows nothing of tensors or texts, nor any of the functions that a configuration names: other crates register
//! theirs by an explicit call.
//!
//! ```
//! use ner_config::{Block, Builder, ConfigError, Kind, Registry};
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! struct Embed { width: usize }
//! struct Encoder { embed: Embed, depth: usize }
//!
//! /// A row for each word.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(deny_unknown_fields)]
//! struct EmbedConfig { width: usize }
//!
//! /// Mixes the rows of neighbours.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(deny_unknown_fields)]
//! struct EncoderConfig {
//!     /// The rows.
//!     embed: Block,
//!     #[serde(default = "four")]
//!     depth: usize,
//! }
//! fn four() -> usize { 4 }
//!
//! fn register(registry: &mut Registry) {
//!     registry.add(Kind::Architectures, "acme.Embed.v1", |config: EmbedConfig, _: &Builder| Ok(Embed { width: config.width }));
//!     registry.add(Kind::Architectures, "acme.Encoder.v1", |config: EncoderConfig, builder: &Builder| {
//!         Ok(Encoder { embed: builder.build(Kind::Architectures, &config.embed)?, depth: config.depth })
//!     });
//! }
//!
//! let mut registry = Registry::new();
//! register(&mut registry);
//! let embed = Block::function(Kind::Architectures, "acme.Embed.v1").with("width", 96);
//! let block = Block::function(Kind::Architectures, "acme.Encoder.v1").with("embed", embed.table().clone());
//! let encoder: Encoder = registry.build(Kind::Architectures, &block)?;
//! assert_eq!((encoder.embed.width, encoder.depth), (96, 4));
//! # Ok::<(), ConfigError>(())
//! ```

mod document;
mod error;
mod fill;
mod path;
mod registry;
mod value;

pub use document::{Document, Overrides, ResolvedConfig};
pub use error::ConfigError;
pub use fill::{
    InitOptions, InitializeConfig, NlpConfig, Optimize, PretrainingConfig, SystemConfig, TrainingConfig,
    init_config,
};
pub use registry::{Argument, Block, Builder, Function, Kind, NumberOrBlock, Registry};
pub use value::{Table, Value};

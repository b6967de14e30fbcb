//! Configuration documents in TOML and .cfg, and the registry that builds what they name.

//! Whole commands, as a user types them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apply;
mod apply_bad_records;
mod apply_inputs;
mod callbacks;
mod components;
mod configs;
mod damaged_models;
mod distill;
#[cfg(feature = "download")]
mod download_encoder;
mod evaluate;
mod found_configs;
mod golden;
mod init_labels;
mod init_vectors;
mod package;
mod package_names;
mod pretrain;
mod rehearsal;
mod resume;
mod studies;
mod tiny_encoder;
mod train;
mod train_vectors;
mod transformers;
mod update;
mod workshop;
mod wrong;
mod wrong_encoders;

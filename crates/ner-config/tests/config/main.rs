//! Documents, their defaults and their errors, and functions that others register.
//!
//! The golden data are what spaCy 3.8.18 reads, writes, overrides, merges and fills.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

mod documents;
mod errors;
mod fill;
mod functions;
mod init_config;
mod score_weights;
mod third_party;
mod transformers;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The slice that is stored here, and the whole if `NER_GOLDEN` names its folder.
fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    [Some(slice), std::env::var_os("NER_GOLDEN").map(PathBuf::from)].into_iter().flatten().collect()
}

/// The rows of a file of all golden folders, such as `config/values.jsonl`.
fn rows(name: &str) -> Vec<Json> {
    let read = |dir: PathBuf| std::fs::read_to_string(dir.join(name)).unwrap();
    let parse = |line: &str| serde_json::from_str(line).unwrap();
    let rows: Vec<Json> = golden_dirs()
        .into_iter()
        .map(read)
        .flat_map(|text| text.lines().map(parse).collect::<Vec<_>>())
        .collect();
    assert!(!rows.is_empty(), "{name} holds no case");
    rows
}

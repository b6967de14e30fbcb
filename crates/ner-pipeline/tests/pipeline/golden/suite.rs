//! Where the golden files are, and how they are opened.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::Registry;
use ner_pipeline::Pipeline;
use serde_json::Value;

/// The folders below `area` with these names, in the repository's slice and in the whole suite.
pub(crate) fn cases(area: &str, names: &[&str]) -> Vec<PathBuf> {
    let mut folders = slice(area, names);
    if let Some(whole) = std::env::var_os("NER_GOLDEN").map(PathBuf::from) {
        for name in names {
            let folder = whole.join(area).join(name);
            assert!(folder.is_dir(), "no {area}/{name} in NER_GOLDEN");
            folders.push(folder);
        }
    }
    folders
}

/// The slice that is in the repository, and the whole suite.
pub(crate) fn roots() -> Vec<PathBuf> {
    [slice_root()].into_iter().chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn slice_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/data")
}

/// The folders below `area` with these names in the repository's slice, as far as they are there.
pub(crate) fn slice(area: &str, names: &[&str]) -> Vec<PathBuf> {
    let slice = slice_root();
    names.iter().map(|name| slice.join(area).join(name)).filter(|folder| folder.is_dir()).collect()
}

pub(crate) fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    ner_pipeline::register(&mut registry);
    registry
}

pub(crate) fn pipeline(folder: &Path) -> Pipeline {
    Pipeline::load(&folder.join("pipeline"), &registry(), &Device::flex())
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

pub(crate) fn json_lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// All numbers of nested lists, in order.
pub(crate) fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

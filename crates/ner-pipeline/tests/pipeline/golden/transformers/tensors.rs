//! Numbers of golden files, and weights of pipelines by the names that these have there.

use std::collections::HashMap;
use std::path::Path;

use ner_model::LayerTree;
use ner_pipeline::Pipeline;
use safetensors::{Dtype, SafeTensors};

/// The tensors of a file by name.
pub(super) struct Tensors(HashMap<String, Vec<f32>>);

impl Tensors {
    pub(super) fn open(path: &Path) -> Tensors {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let tensors = file.iter().map(|(name, tensor)| {
            let numbers = match tensor.dtype() {
                Dtype::F32 => {
                    let numbers = tensor.data().as_chunks::<4>().0.iter();
                    numbers.map(|bytes| f32::from_le_bytes(*bytes)).collect()
                }
                // Rows of tables, which are few.
                Dtype::I64 => {
                    let numbers = tensor.data().as_chunks::<8>().0.iter();
                    numbers.map(|bytes| i64::from_le_bytes(*bytes) as f32).collect()
                }
                other => panic!("{}: {name} is of type {other:?}", path.display()),
            };
            (name.to_owned(), numbers)
        });
        Tensors(tensors.collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&[f32]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Names and numbers of the tensors that begin with `prefix`, which is cut off; sorted.
    pub(super) fn below<'a>(&'a self, prefix: &str) -> Vec<(&'a str, &'a [f32])> {
        let below =
            self.0.iter().filter_map(|(name, numbers)| Some((name.strip_prefix(prefix)?, &numbers[..])));
        let mut below: Vec<_> = below.collect();
        below.sort_unstable_by_key(|(name, _)| *name);
        below
    }
}

/// The id of each weight by its name: component, node in the model file, parameter.
pub(super) fn weight_ids(pipeline: &Pipeline) -> HashMap<String, u64> {
    let mut ids = HashMap::new();
    for (component, made) in pipeline.components() {
        let mut tree = LayerTree::to_read();
        let Some(root) = made.layer(&mut tree) else { continue };
        for (node, parameter, id) in tree.parameters(&root) {
            ids.insert(format!("{component}/{node}/{parameter}"), id);
        }
    }
    ids
}

/// All weights by these names.
pub(super) fn weights(pipeline: &mut Pipeline) -> HashMap<String, Vec<f32>> {
    let ids = weight_ids(pipeline);
    let arrays = pipeline.parameters_mut().into_iter();
    let by_id: HashMap<u64, Vec<f32>> =
        arrays.map(|parameter| (parameter.id(), parameter.array().into_parts().1)).collect();
    ids.into_iter().map(|(name, id)| (name, by_id[&id].clone())).collect()
}

/// Puts the tensors below `prefix` in the place of all weights of the component `ner`. Golden files leave some weights of
/// layers out that are not trained, the same for all seeds.
pub(super) fn put_recognizer(pipeline: &mut Pipeline, tensors: &Tensors, prefix: &str) {
    let ids = weight_ids(pipeline);
    let is_drawn = |name: &str| {
        name.starts_with("ner/") && !name.ends_with("/layer_weights") && !name.ends_with("/scale")
    };
    let mut left: Vec<u64> = ids.iter().filter(|(name, _)| is_drawn(name)).map(|(_, id)| *id).collect();
    for (name, numbers) in tensors.below(prefix).into_iter().filter(|(name, _)| name.starts_with("ner/")) {
        let id = *ids.get(name).unwrap_or_else(|| panic!("no weight is called {name}"));
        left.retain(|other| *other != id);
        let mut parameters = pipeline.parameters_mut().into_iter();
        let parameter = parameters.find(|parameter| parameter.id() == id).unwrap();
        parameter.change(&mut |weights| weights.copy_from_slice(numbers));
    }
    assert_eq!(left, [0; 0], "weights of the recogniser that no tensor is for");
}

/// Checks that all numbers are within `tolerance * (1 + |expected|)`.
#[track_caller]
pub(super) fn check_relative(found: &[f32], expected: &[f32], tolerance: f32, place: &str) {
    assert_eq!(found.len(), expected.len(), "{place}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (found - expected).abs() / (1.0 + expected.abs());
        assert!(difference <= tolerance, "{place} [{index}]: {found}, expected {expected}");
    }
}

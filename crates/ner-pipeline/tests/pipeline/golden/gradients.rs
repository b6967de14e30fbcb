//! Losses and gradients, held against those of spaCy.

use std::path::Path;

use ner_model::LayerTree;
use ner_pipeline::{Learning, Losses, Pipeline};
use safetensors::SafeTensors;
use serde_json::Value;

pub(crate) fn check_losses(found: &Losses, expected: &Value, place: &str) {
    for (name, expected) in expected.as_object().unwrap() {
        let (found, expected) = (found[name.as_str()], expected.as_f64().unwrap());
        let difference = (found - expected).abs() / (1.0 + expected.abs());
        assert!(difference <= 1e-3, "{place}: loss of {name} is {found}, not {expected}");
    }
}

/// Checks all gradients against the folder's file of gradients.
pub(crate) fn check_gradients(pipeline: &Pipeline, learning: &Learning, folder: &Path) {
    let bytes = std::fs::read(folder.join("grads.safetensors")).unwrap();
    let expected = SafeTensors::deserialize(&bytes).unwrap();
    for (name, component) in pipeline.components() {
        let mut tree = LayerTree::to_read();
        let Some(root) = component.layer(&mut tree) else { continue };
        for (node, parameter, id) in tree.parameters(&root) {
            let key = format!("{name}/{node}/{parameter}");
            let Ok(expected) = expected.tensor(&key) else {
                let found = learning.gradients.get(id).unwrap_or_default();
                assert!(found.iter().all(|&value| value == 0.0), "{}: {key}", folder.display());
                continue;
            };
            let expected: Vec<f32> =
                expected.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
            let found = learning.gradients.get(id).unwrap_or_else(|| vec![0.0; expected.len()]);
            for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let difference = (found - expected).abs();
                assert!(
                    difference <= 1e-4 * largest,
                    "{}: {key}[{index}] is {found}, not {expected} (largest {largest})",
                    folder.display()
                );
            }
        }
    }
}

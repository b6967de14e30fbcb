//! What Thinc computed: hash keys, and lookups in hashed tables with their gradients.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use ner_layers::{HashEmbed, Init, Table, to_vec};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The cases of the slice in the repository, and those of the whole suite if NER_GOLDEN names its folder.
fn cases<Case: DeserializeOwned>(name: &str) -> Vec<Case> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folders = [Some(slice), std::env::var_os("NER_GOLDEN").map(PathBuf::from)];
    let texts = folders.into_iter().flatten().map(|folder| fs::read_to_string(folder.join(name)).unwrap());
    let cases: Vec<Case> = texts
        .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
        .collect();
    assert!(!cases.is_empty(), "{name} holds no case");
    cases
}

#[derive(Deserialize)]
struct Keys {
    seed: u32,
    ids: Vec<u64>,
    keys: Vec<[u32; 4]>,
}

#[test]
fn keys_of_ids_are_equal() {
    for case in cases::<Keys>("hash/hashembed_keys.jsonl") {
        let table = HashEmbed::init(1, 1, case.seed, &mut Init::zeros(&Device::flex()));
        let keys: Vec<[u32; 4]> = case.ids.iter().map(|&id| table.keys(id)).collect();
        assert_eq!(keys, case.keys, "seed {}", case.seed);
    }
}

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the names are Thinc's")]
struct Lookup {
    nO: usize,
    nV: usize,
    seed: u32,
    E: Vec<Vec<f32>>,
    ids: Vec<u64>,
    Y: Vec<Vec<f32>>,
    dY: Vec<Vec<f32>>,
    dE: Vec<Vec<f32>>,
}

#[test]
fn lookups_and_their_gradients_are_equal() {
    for case in cases::<Lookup>("hash/hashembed_layer.jsonl") {
        let device = Device::flex().autodiff();
        let matrix = |rows: &[Vec<f32>]| -> Tensor<2> {
            Tensor::from_data(TensorData::new(rows.concat(), [rows.len(), case.nO]), &device)
        };
        let mut layer = HashEmbed::init(case.nO, case.nV, case.seed, &mut Init::zeros(&device));
        layer.table = Table::new(layer.table.weight.map(|_| matrix(&case.E).require_grad()));
        let found = layer.forward(case.ids.iter().copied());
        let mut pass = (found.clone() * matrix(&case.dY)).sum().backward();
        check_close(&to_vec(found.without_autodiff()), &case.Y.concat());
        check_close(&layer.table.take_gradient(&mut pass).unwrap().to_dense(), &case.dE.concat());
    }
}

#[track_caller]
fn check_close(found: &[f32], expected: &[f32]) {
    let largest = expected.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
    assert_eq!(found.len(), expected.len());
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= 1e-5 * largest, "{place}: found {found}, expected {expected}");
    }
}

//! Streams that CPython and NumPy drew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::path::{Path, PathBuf};

use ner_cpython::{NumpyRandom, PythonRandom};
use serde_json::Value;

#[test]
fn python_streams_are_equal() {
    for case in cases("rng/python_random.jsonl") {
        let seed = case["seed"].as_u64().unwrap();
        let mut random = PythonRandom::new(seed);
        let drawn: Vec<f64> = (0..8).map(|_| random.random()).collect();
        assert_eq!(drawn, floats(&case["random"]), "random, seed {seed}");
        let drawn: Vec<f64> = (0..5).map(|_| random.uniform(50.0, 200.0)).collect();
        assert_eq!(drawn, floats(&case["uniform_50_200"]), "uniform, seed {seed}");

        let mut random = PythonRandom::new(seed);
        for pair in case["getrandbits"].as_array().unwrap() {
            assert_eq!(random.getrandbits(pair[0].as_u64().unwrap() as u32), pair[1].as_u64().unwrap());
        }

        let mut random = PythonRandom::new(seed);
        for shuffled in case["shuffles"].as_array().unwrap() {
            let shuffled: Vec<u64> = serde_json::from_value(shuffled.clone()).unwrap();
            let mut numbers: Vec<u64> = (0..shuffled.len() as u64).collect();
            random.shuffle(&mut numbers);
            assert_eq!(numbers, shuffled, "shuffle, seed {seed}");
        }

        let mut random = PythonRandom::new(seed);
        for pair in case["randrange"].as_array().unwrap() {
            assert_eq!(random.randrange(0..pair[0].as_u64().unwrap()), pair[1].as_u64().unwrap());
        }
        for chosen in case["choice_of_7"].as_array().unwrap() {
            assert_eq!(random.choice(&[0, 1, 2, 3, 4, 5, 6]).copied(), chosen.as_u64());
        }
        assert_eq!(random.random(), case["then_random"].as_f64().unwrap());
    }
}

#[test]
fn numpy_streams_are_equal() {
    for case in cases("rng/numpy_random.jsonl") {
        let seed = case["seed"].as_u64().unwrap();
        let check =
            |drawn: Vec<f64>, field: &str| assert_eq!(drawn, floats(&case[field]), "{field}, seed {seed}");
        let mut random = NumpyRandom::new(seed);
        check((0..9).map(|_| random.uniform(-0.1, 0.1)).collect(), "uniform");
        check((0..7).map(|_| random.normal(0.0, 1.0)).collect(), "normal");
        check((0..3).map(|_| random.uniform(0.0, 1.0)).collect(), "normal_then_uniform");
        check((0..4).map(|_| random.normal(2.0, 0.5)).collect(), "normal_scaled");
        assert_eq!(random.random(), case["random"].as_f64().unwrap());
        let mut mask = [0.0; 12];
        random.dropout_mask(0.1, &mut mask);
        let expected: Vec<f64> = case["mask_0.1"].as_array().unwrap().iter().flat_map(floats).collect();
        assert_eq!(mask.map(f64::from), expected[..], "mask, seed {seed}");

        let mut random = NumpyRandom::new(seed);
        for _ in 0..3 {
            random.normal(0.0, 1.0);
        }
        check((0..2).map(|_| random.uniform(0.0, 1.0)).collect(), "uniform_after_3_normals");
        check((0..2).map(|_| random.normal(0.0, 1.0)).collect(), "normal_after_that");
    }
}

fn cases(file: &str) -> Vec<Value> {
    let text: String = golden_dirs().iter().map(|dir| fs::read_to_string(dir.join(file)).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    [slice].into_iter().chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

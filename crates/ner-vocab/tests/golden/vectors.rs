use std::fs;

use ner_vocab::{Attribute, FloretSettings, StringId, VectorFiles, Vectors};
use serde_json::Value;

use crate::{golden_dirs, number, numbers, str, strings, values};

fn floats(rows: &Value) -> Vec<f32> {
    let rows = rows.as_array().unwrap().iter();
    rows.flat_map(|row| row.as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32)).collect()
}

#[track_caller]
fn check_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-5 * (1.0 + expected.abs()), "{found} is not {expected}");
    }
}

#[test]
fn floret_vectors() {
    for row in values("hash/floret.jsonl") {
        let cfg = &row["cfg"];
        let settings = FloretSettings {
            minn: number(&cfg["minn"]),
            maxn: number(&cfg["maxn"]),
            hash_count: number(&cfg["hash_count"]),
            hash_seed: number(&cfg["hash_seed"]) as u32,
            bow: str(&cfg["bow"]).to_owned(),
            eow: str(&cfg["eow"]).to_owned(),
            attr: Attribute::ORTH,
        };
        let width = number(&row["width"]);
        let vectors = Vectors::floret(floats(&row["data"]), width, settings).unwrap();
        let mut vector = vec![0.0; width];
        for item in row["items"].as_array().unwrap() {
            let mut hashes = Vec::new();
            vectors
                .floret_settings()
                .unwrap()
                .for_each_hash(str(&item["key"]), |hash| hashes.push(hash as usize));
            let expected: Vec<usize> = item["hashes"].as_array().unwrap().iter().flat_map(numbers).collect();
            assert_eq!(hashes, expected, "{item}");
            vectors.write_vector(StringId::EMPTY, str(&item["key"]), &mut vector);
            check_close(&vector, &floats(&Value::Array(vec![item["vector"].clone()])));
        }
    }
}

#[test]
fn default_vectors_from_their_files() {
    for dir in golden_dirs() {
        let read = |name: &str| fs::read(dir.join("hash/vectors_default").join(name)).unwrap();
        let files =
            VectorFiles { config: read("vectors.cfg"), table: read("vectors"), key2row: read("key2row") };
        let vectors = files.read().unwrap();
        let lookup: Value =
            serde_json::from_slice(&fs::read(dir.join("hash/vectors_default_lookup.json")).unwrap()).unwrap();
        let width = vectors.width();
        assert_eq!([vectors.n_rows(), width].as_slice(), numbers(&lookup["shape"]));
        assert_eq!(vectors.keys().count(), number(&lookup["n_keys"]));
        // The file's own rows and vectors say that no word is there, but `Vectors.find` of spaCy 3.8.18 gives these.
        let words = strings(&lookup["words"]);
        let rows: Vec<Option<usize>> = words.iter().map(|word| vectors.row(StringId::of(word))).collect();
        assert_eq!(rows, (0..20).chain(0..5).map(Some).chain([None, None]).collect::<Vec<_>>());
        for (word, row) in words.iter().zip(rows) {
            let mut vector = vec![1.0; width];
            vectors.write_vector(StringId::of(word), word, &mut vector);
            let expected = row.map_or(&[0.0; 5][..], |row| &vectors.data()[row * width..(row + 1) * width]);
            assert_eq!(vector, expected);
        }
        let written = VectorFiles::of(&vectors);
        assert_eq!((written.table, written.key2row), (files.table, files.key2row));
    }
}

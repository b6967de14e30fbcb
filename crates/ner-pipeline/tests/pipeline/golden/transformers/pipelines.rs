//! `pipelines/`, `train/*/predictions.jsonl`: pipelines that spaCy trained predict here what they predict there, and are
//! written as they were read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use flate2::read::GzDecoder;
use ner_pipeline::Pipeline;
use ner_thinc::{ModelFile, TorchShim};
use serde_json::{Value, json};

use super::super::suite::{json_lines, registry};
use super::made::{folders, n_expected};

const PIPELINES: &[&str] =
    &["hf-bert", "hf-own", "hf-xlmr", "curated-bert", "curated-roberta", "curated-xlmr"];

/// A pipeline on disk, and what it predicts.
struct Case {
    name: &'static str,
    pipeline: PathBuf,
    predictions: Vec<Value>,
    /// Holds a pipeline that lies in an archive.
    _unpacked: Option<tempfile::TempDir>,
}

fn cases() -> Vec<Case> {
    let folders = folders();
    let cases = folders.iter().flat_map(|folder| PIPELINES.iter().filter_map(|name| case(folder, name)));
    let cases: Vec<Case> = cases.collect();
    assert_eq!(cases.len(), n_expected(1, PIPELINES.len()));
    cases
}

fn case(folder: &Path, name: &'static str) -> Option<Case> {
    let directory = folder.join("pipelines").join(name);
    let archive = folder.join("pipelines").join(format!("{name}.tar.gz"));
    let (pipeline, unpacked) = match archive.is_file() {
        true => {
            let unpacked = tempfile::tempdir().unwrap();
            let mut archive = tar::Archive::new(GzDecoder::new(File::open(archive).unwrap()));
            archive.unpack(unpacked.path()).unwrap();
            (unpacked.path().join(name), Some(unpacked))
        }
        false => (directory, None),
    };
    let predictions = folder.join("train").join(name).join("predictions.jsonl");
    pipeline.is_dir().then(|| Case {
        name,
        pipeline,
        predictions: json_lines(&predictions),
        _unpacked: unpacked,
    })
}

fn load(path: &Path) -> Pipeline {
    Pipeline::load(path, &registry(), &Device::flex())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn check_predictions(case: &Case, pipeline: &Pipeline) {
    for expected in &case.predictions {
        let doc = pipeline.annotate(expected["text"].as_str().unwrap()).unwrap();
        let starts = doc.char_offsets();
        let entities = doc.entities().unwrap().into_iter().map(|entity| {
            let start = starts[entity.start];
            let end = start + doc.span_text(entity.start..entity.end).chars().count();
            json!([start, end, *pipeline.vocab().strings().get(entity.label).unwrap()])
        });
        // spaCy cannot predict on white space alone with curated transformers: there is nothing to find.
        let expected_entities = if expected["error"].is_string() { &json!([]) } else { &expected["ents"] };
        assert_eq!(
            Value::Array(entities.collect()),
            *expected_entities,
            "{}: {}",
            case.name,
            expected["text"]
        );
    }
}

#[test]
fn predictions_are_spacys_also_of_a_saved_pipeline() {
    for case in cases() {
        let pipeline = load(&case.pipeline);
        check_predictions(&case, &pipeline);
        let copy = tempfile::tempdir().unwrap();
        pipeline.save(&copy.path().join("copy")).unwrap();
        check_predictions(&case, &load(&copy.path().join("copy")));
    }
}

#[test]
fn files_are_written_as_they_were_read() {
    for case in cases() {
        let copy = tempfile::tempdir().unwrap();
        let copy = copy.path().join("copy");
        let pipeline = load(&case.pipeline);
        pipeline.save(&copy).unwrap();
        let read = |root: &Path, name: &str| fs::read(root.join(name)).unwrap();
        assert_eq!(
            String::from_utf8(read(&copy, "config.cfg")).unwrap(),
            String::from_utf8(read(&case.pipeline, "config.cfg")).unwrap(),
            "{}",
            case.name
        );
        for component in pipeline.components().keys() {
            let place = format!("{}/{component}", case.name);
            let cfg = format!("{component}/cfg");
            let settings = |root| serde_json::from_slice::<Value>(&read(root, &cfg)).unwrap();
            assert_eq!(settings(&copy), settings(&case.pipeline), "{place}/cfg");
            let model =
                |root| ModelFile::from_bytes(&read(root, &format!("{component}/model")).into()).unwrap();
            check_model(model(&copy), model(&case.pipeline), &place);
        }
    }
}

/// Checks that two models are equal but for what PyTorch's archives hold beside their numbers.
fn check_model(mut found: ModelFile, mut expected: ModelFile, place: &str) {
    assert_eq!(found.nodes.len(), expected.nodes.len(), "{place}");
    for (index, (found, expected)) in found.nodes.iter_mut().zip(&mut expected.nodes).enumerate() {
        let place = format!("{place} node {index} {}", expected.name);
        let shims = |node: &mut ner_thinc::Node<usize>| {
            let shims = std::mem::take(&mut node.shims);
            shims.iter().map(|shim| TorchShim::from_bytes(shim).unwrap()).collect::<Vec<_>>()
        };
        for (found, expected) in shims(found).iter().zip(&shims(expected)) {
            assert_eq!(found.settings, expected.settings, "{place}");
            let (found, expected) = (found.state.as_ref().unwrap(), expected.state.as_ref().unwrap());
            assert!(found.tensors.keys().eq(expected.tensors.keys()), "{place}: {:?}", found.tensors.keys());
            assert_eq!(found.tensors, expected.tensors, "{place}");
        }
        assert_eq!(found, expected, "{place}");
    }
    assert_eq!(found, expected, "{place}");
}

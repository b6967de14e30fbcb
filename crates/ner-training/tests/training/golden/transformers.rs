//! `transformers/train/`: trainings of pretrained encoders, compared with spaCy's row by row.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::Document;
use ner_training::{Output, train};
use serde_json::Value;

use super::runs::Unheard;
use super::{json_lines as rows, registry};

/// The runs of the suite, each with the number of steps that are followed.
const RUNS: &[(&str, i64)] = &[
    ("hf-bert", 100),
    ("hf-roberta", 100),
    ("hf-xlmr", 100),
    ("hf-own", 100),
    ("curated-bert", 100),
    // From step 24 on rounding decides: there spaCy on two threads is 2e-5 away from spaCy on one, and at step 40 by 5e-4.
    ("curated-roberta", 20),
    // Likewise from step 85 on, 2e-3 at step 100; other processors round otherwise, and earlier.
    ("curated-xlmr", 40),
];

/// Folders of runs, each with the number of steps that are followed. Those of the slice lie beside the pipelines.
fn runs() -> Vec<(PathBuf, i64)> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ner-pipeline/tests/golden/data/transformers");
    let mut runs = vec![(slice.join("train/hf-bert"), 40)];
    if let Some(whole) = std::env::var_os("NER_GOLDEN").map(PathBuf::from) {
        let train = whole.join("transformers/train");
        runs.extend(RUNS.iter().map(|(name, max_steps)| (train.join(name), *max_steps)));
    }
    runs
}

/// The first steps of a run, and the rows of its log.
fn run(folder: &Path, max_steps: i64) -> Vec<Value> {
    let base = folder.parent().unwrap().parent().unwrap();
    let output = tempfile::tempdir().unwrap();
    let absolute = |text: &str| {
        let prefix = format!("\"{}/", base.display());
        text.replace("\"models/", &format!("{prefix}models/")).replace("\"train/", &format!("{prefix}train/"))
    };
    let text = absolute(&fs::read_to_string(folder.join("config.cfg")).unwrap());
    let mut config = Document::from_cfg_str(&text).unwrap();
    config.set("training.max_steps", max_steps);
    config.set("training.logger.output_file", output.path().join("log.jsonl").to_str().unwrap().to_owned());
    let registry = registry();
    let config = config.fill(&registry).unwrap();
    let models = output.path().join("models");
    let output_of_run = Output::to(&models);
    train(&config, &registry, &Device::flex(), Some(&output_of_run), &mut Unheard, &|| false).unwrap();
    rows(&output.path().join("log.jsonl"))
}

/// Losses after 40 steps are equal but for rounding, which has grown to a thousandth after a hundred; the order of examples
/// and the random cuts of documents are spaCy's, or nothing would be.
#[test]
fn losses_are_spacys() {
    for (folder, max_steps) in runs() {
        let (found, expected) = (run(&folder, max_steps), rows(&folder.join("log.jsonl")));
        let is_followed = |row: &&Value| row["step"].as_i64().unwrap() <= max_steps;
        let expected: Vec<&Value> = expected.iter().filter(is_followed).collect();
        for (found, expected) in found.iter().zip(&expected) {
            let place = format!("{} step {}", folder.display(), expected["step"]);
            assert_eq!((&found["step"], &found["epoch"]), (&expected["step"], &expected["epoch"]), "{place}");
            let is_early = expected["step"].as_u64().unwrap() <= 40;
            let tolerance = if is_early { 1e-5 } else { 1e-3 };
            for (name, loss) in expected["losses"].as_object().unwrap() {
                let (found, expected) = (found["losses"][name].as_f64().unwrap(), loss.as_f64().unwrap());
                let difference = (found - expected).abs() / (1.0 + expected.abs());
                assert!(difference <= tolerance, "{place}: {name} {found}, expected {expected}");
            }
            if is_early {
                assert_eq!(found["scores"], expected["scores"], "{place}");
            }
        }
        assert!(found.len() >= expected.len(), "{}", folder.display());
    }
}

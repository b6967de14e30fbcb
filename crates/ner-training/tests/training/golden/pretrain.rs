//! `pretrain/`: what `spacy pretrain CONFIG DIRECTORY --paths.raw_text texts.jsonl --paths.vectors vectors` left in the
//! directory, without the weights of epochs. The vectors lack their tokenizer, which is spaCy's for English.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use ner_config::{Document, Table};
use ner_thinc::ModelFile;
use ner_training::{EventSink, Pretrain, PretrainingOutput, ResumeFrom, TrainingEvent, TrainingRun};
use serde_json::Value;
use tempfile::TempDir;

use super::{json_lines, registry};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pretrain")
}

fn config(case: &str) -> Document {
    let path = |name: &str| folder().join(name).to_str().unwrap().to_owned();
    let mut config = Document::read(&folder().join(case).join("config.cfg")).unwrap();
    config.set("paths.raw_text", path("texts.jsonl"));
    if case != "characters" {
        config.set("paths.vectors", path("vectors"));
    }
    config.fill(&registry()).unwrap()
}

/// Pretrains to the end, and returns the directory of the weights.
fn pretrain(config: &Document, resume: Option<&ResumeFrom>) -> TempDir {
    let output = tempfile::tempdir().unwrap();
    let mut pretrain = Pretrain::start(config, &registry(), &Device::flex(), resume).unwrap();
    let directory = PretrainingOutput::open(output.path()).unwrap();
    let is_interrupted = pretrain.follow(&directory, true, &mut |_| (), &|| false).unwrap();
    assert!(!is_interrupted);
    output
}

/// Fails unless nodes are the same and weights nearly so.
fn check_weights(found: &Path, expected: &Path) {
    let [found, expected] =
        [found, expected].map(|path| ModelFile::from_bytes(&fs::read(path).unwrap().into()).unwrap());
    for (found, expected) in found.nodes.iter().zip(&expected.nodes) {
        assert_eq!((&found.name, &found.dims), (&expected.name, &expected.dims));
        assert_eq!((&found.refs, &found.attrs), (&expected.refs, &expected.attrs));
        for (name, array) in &expected.params {
            let (found, expected) = (found.array(name).unwrap(), array.as_ref().unwrap());
            assert_eq!(found.shape(), expected.shape());
            let pairs = found.data().iter().zip(expected.data());
            let largest = pairs.map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max);
            // Ten steps move a weight by up to 0.1.
            assert!(largest < 1e-4, "{name}: {largest}");
        }
    }
    assert_eq!(found.nodes.len(), expected.nodes.len());
}

/// Masks, random words, dropout and first weights come from the seed as in spaCy, so that every loss is the same.
#[test]
fn a_pretraining_is_spacys() {
    for case in ["characters", "cosine", "l2"] {
        let output = pretrain(&config(case), None);
        let logs = [output.path(), &folder().join(case)].map(|folder| json_lines(&folder.join("log.jsonl")));
        let [found, expected] = &logs;
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!([&found["nr_word"], &found["epoch"]], [&expected["nr_word"], &expected["epoch"]]);
            for key in ["loss", "epoch_loss"] {
                let number = |line: &Value| line[key].as_f64().unwrap();
                let (found, expected) = (number(found), number(expected));
                assert!((found - expected).abs() <= 1e-5 * expected, "{case}: {found} {expected}");
            }
        }
        check_weights(&output.path().join("model-last.bin"), &folder().join(case).join("model-last.bin"));
    }
}

#[test]
fn weights_are_the_same_on_any_number_of_threads() {
    let weights = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| fs::read(pretrain(&config("cosine"), None).path().join("model-last.bin")).unwrap())
    };
    assert!(weights(1) == weights(3), "a byte depends on the number of threads");
}

/// The epochs that were done are not done again, and the weights are those of the file until the first step.
#[test]
fn a_pretraining_goes_on_from_spacys_weights() {
    let path = folder().join("characters/model-last.bin");
    let mut config = config("characters");
    let resume = ResumeFrom { path: path.clone(), epoch: 2 };
    let output = pretrain(&config, Some(&resume));
    let bytes = [&output.path().join("model-last.bin"), &path].map(|path| fs::read(path).unwrap());
    assert!(bytes[0] == bytes[1], "a byte of the file changed");
    config.set("components.tok2vec.model.width", 24_i64);
    let error = Pretrain::start(&config, &registry(), &Device::flex(), Some(&resume)).err().unwrap();
    let message = error.to_string();
    assert!(
        message.contains("model-last.bin") && message.contains("[components.tok2vec.model]"),
        "{message}"
    );
}

struct Unheard;

impl EventSink for Unheard {
    fn event(&mut self, _: &TrainingEvent) {}
}

#[test]
fn a_training_starts_from_spacys_weights() {
    let corpora = folder().parent().unwrap().join("trainlog");
    for case in ["characters", "cosine"] {
        let weights = folder().join(case).join("model-last.bin");
        let mut config = config(case);
        config.set("nlp.pipeline", vec!["tok2vec", "ner"]);
        config.set("components.ner", Table::from_iter([("factory".to_owned(), "ner".into())]));
        config.set("paths.init_tok2vec", weights.to_str().unwrap());
        config.set("paths.train", corpora.join("train.spacy").to_str().unwrap());
        config.set("paths.dev", corpora.join("dev.spacy").to_str().unwrap());
        let config = config.fill(&registry()).unwrap();
        let run = TrainingRun::start(&config, &registry(), &Device::flex(), &mut Unheard).unwrap();
        let files = run.pipeline().to_files().unwrap();
        let [found, expected] = [&files["tok2vec/model"], &fs::read(weights).unwrap()]
            .map(|bytes| ModelFile::from_bytes(&bytes.clone().into()).unwrap());
        for (found, expected) in found.nodes.iter().zip(&expected.nodes) {
            assert!(found.params == expected.params, "{case}: {}", expected.name);
        }
        assert_eq!(found.nodes.len(), expected.nodes.len());
    }
}

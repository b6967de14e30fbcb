//! A run that is saved between two steps and resumed takes the same steps as one that was never interrupted.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::path::Path;

use ner::{Config, Device, NoReports, PipelineFiles, Registry, builtin, default_device, new_config};
use ner_config::Table;
use ner_training::{Checkpoint, Output, SavedRun, TrainingRun};
use serde_json::Value;

/// Twenty steps on a part of the repository's corpus, with a network so small that its state is quickly written as text.
fn config() -> Config {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut config = new_config("en").unwrap();
    for (name, limit) in [("train", 60), ("dev", 20)] {
        config.set(&format!("paths.{name}"), corpus.join(format!("{name}.jsonl")).to_str().unwrap());
        config.set(&format!("corpora.{name}.limit"), limit);
    }
    config.set("components.tok2vec.model.encode.width", 16);
    config.set("components.tok2vec.model.embed.rows", vec![200_i64, 100, 100, 100]);
    config.set("training.max_steps", 19);
    config.set("training.eval_frequency", 7);
    config.set("training.batcher.size", 300);
    config.set("training.optimizer.use_averages", true);
    config
}

struct Program {
    registry: Registry,
    device: Device,
}

impl Program {
    fn new() -> Program {
        Program { registry: builtin().registry(), device: default_device().unwrap() }
    }

    fn start(&self, config: &Config) -> TrainingRun {
        TrainingRun::start(config, &self.registry, &self.device, &mut NoReports).unwrap()
    }

    /// The run after it went through text, as a program would find it that starts the next day.
    fn reopened(&self, config: &Config, mut run: TrainingRun) -> TrainingRun {
        let saved = serde_json::to_string(&run.save()).unwrap();
        let saved: SavedRun = serde_json::from_str(&saved).unwrap();
        let files = run.pipeline().to_files().unwrap();
        let pipeline = PipelineFiles::in_memory(Path::new("saved"), files).unwrap();
        let checkpoint = Checkpoint { pipeline, run: saved, tutor: run.tutor_files().unwrap() };
        TrainingRun::resume(config, checkpoint, &self.registry, &self.device).unwrap()
    }
}

/// Follows a run for this many steps, or to its end.
fn follow(run: &mut TrainingRun, n_steps: usize) {
    let n_done = Cell::new(0);
    let is_enough = || {
        n_done.set(n_done.get() + 1);
        n_done.get() == n_steps
    };
    run.follow(None, &mut NoReports, &is_enough).unwrap();
}

/// Everything that a run consists of, but for the clock.
fn everything(run: &mut TrainingRun) -> (Value, Vec<(String, Vec<u8>)>) {
    let mut saved = serde_json::to_value(run.save()).unwrap();
    for key in ["seconds", "update_seconds"] {
        saved["state"][key] = Value::Null;
    }
    for evaluation in saved["state"]["evaluations"].as_array_mut().unwrap() {
        evaluation["seconds"] = Value::Null;
    }
    (saved, run.pipeline().to_files().unwrap().into_iter().collect())
}

#[track_caller]
fn check(config: &Config) {
    let program = Program::new();
    let mut whole = program.start(config);
    follow(&mut whole, usize::MAX);
    assert_eq!(whole.state().step, 20);
    let (state, files) = everything(&mut whole);
    // At the first step, in the middle of an epoch, right after an evaluation.
    for n_steps in [1, 10, 15] {
        let mut first = program.start(config);
        follow(&mut first, n_steps);
        assert_eq!(first.state().step, n_steps);
        let mut second = program.reopened(config, first);
        follow(&mut second, usize::MAX);
        let (resumed_state, resumed_files) = everything(&mut second);
        assert!(resumed_files == files, "other files after {n_steps} steps");
        assert!(resumed_state == state, "another state after {n_steps} steps");
    }
}

#[test]
fn twenty_steps_are_ten_saved_loaded_and_ten_more_to_the_bit() {
    check(&config());
}

/// What is counted of the corpus before the first step is in the files, too.
#[test]
fn networks_that_know_what_is_rare_go_on_with_their_counts() {
    let mut config = config();
    let model = serde_json::json!({
        "@architectures": "ner.DocumentMemory.v1",
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {"@architectures": "ner.WordEmbed.v1", "width": 16, "rows": 100, "affix_rows": 50, "affix_width": 8},
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": 16, "depth": 2, "window_size": 1, "maxout_pieces": 2,
            },
        },
    });
    config.set("components.tok2vec.model", serde_json::from_value::<ner_config::Value>(model).unwrap());
    config.set("components.ner.model.tok2vec.width", 16);
    check(&config);
}

#[test]
fn a_streamed_corpus_goes_on_at_its_place() {
    let mut config = config();
    config.set("training.max_epochs", -1);
    check(&config);
}

/// The augmenter and the buffer draw from the generator that updates draw from, too.
#[test]
fn a_stream_is_augmented_and_shuffled_again_as_before() {
    let mut config = config();
    config.set("training.max_epochs", -1);
    config.set("training.shuffle_buffer", 9);
    let augmenter = serde_json::json!({"@augmenters": "spacy.lower_case.v1", "level": 0.5});
    config.set("corpora.train.augmenter", serde_json::from_value::<ner_config::Value>(augmenter).unwrap());
    check(&config);
}

#[test]
fn a_corpus_that_is_varied_in_each_epoch_goes_on_as_it_was() {
    let mut config = config();
    let augmenter =
        r#"{"@augmenters": "ner.noise.v1", "typo_level": 0.2, "case_level": 0.1, "ocr_level": 0.0}"#;
    let augmenter: ner_config::Value = serde_json::from_str(augmenter).unwrap();
    config.set("corpora.train.augmenter", augmenter);
    config.set("training.augment_each_epoch", true);
    check(&config);
}

/// All that acts in training alone and has a state or draws.
#[test]
fn an_accurate_run_goes_on_as_it_was() {
    let mut config = config();
    let block = |text: &str| serde_json::from_str::<ner_config::Value>(text).unwrap();
    config.set("corpora.train.augmenter", block(r#"{"@augmenters": "ner.unseen_words.v1"}"#));
    config.set("training.augment_each_epoch", true);
    config.set("training.tune_out_bias", true);
    config.set("training.exploration_warmup", 12);
    config.set("training.dev_halves", true);
    let optimizer = r#"{"@optimizers": "ner.Adam.v1", "average_decay": 0.8, "learn_rate": {"@schedules":
        "ner.warmup_cosine.v1", "initial_rate": 0.002, "warmup_steps": 5}}"#;
    config.set("training.optimizer", block(optimizer));
    check(&config);
}

#[test]
fn penalties_dropout_and_gradients_in_parts_go_on_too() {
    let mut config = config();
    config.set("training.optimizer.L2_is_weight_decay", false);
    config.set("training.accumulate_gradient", 2);
    config.set("training.dropout", 0.3);
    check(&config);
}

#[test]
fn rehearsals_go_on_with_the_same_tutor_and_texts() {
    let program = Program::new();
    let folder = tempfile::tempdir().unwrap();
    program.start(&config()).save_last(&Output::to(folder.path())).unwrap();
    let mut config = config();
    let source = folder.path().join("model-last");
    for name in ["tok2vec", "ner"] {
        config.set(&format!("components.{name}"), Table::new());
        config.set(&format!("components.{name}.source"), source.to_str().unwrap());
    }
    config.set("training.rehearsal.corpus", "corpora.dev");
    config.set("training.rehearsal.frequency", 2);
    config.set("training.rehearsal.batch_words", 100);
    check(&config);
}

#[test]
fn a_run_of_another_pipeline_is_refused() {
    let program = Program::new();
    let mut run = program.start(&config());
    follow(&mut run, 2);
    let saved = run.save();
    let mut other = config();
    other.set("components.ner.model.hidden_width", 32);
    let files = program.start(&other).pipeline().to_files().unwrap();
    let pipeline = PipelineFiles::in_memory(Path::new("other"), files).unwrap();
    let checkpoint = Checkpoint { pipeline, run: saved, tutor: None };
    let mut resumed = TrainingRun::resume(&config(), checkpoint, &program.registry, &program.device).unwrap();
    // The optimiser notices at its first step, before a weight moves.
    let error = resumed.follow(None, &mut NoReports, &|| false).unwrap_err().to_string();
    assert!(error.contains("weights in earlier steps"), "{error}");
}

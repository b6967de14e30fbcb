use std::cell::Cell;
use std::path::Path;

use ner::{Config, NoReports, PipelineFiles};
use ner_training::{Checkpoint, SavedRun, TrainingRun};
use serde_json::Value;

use crate::{config, device, registry, start};

/// Follows a run for this many steps, or to its end.
fn follow(run: &mut TrainingRun, n_steps: usize) {
    let n_done = Cell::new(0);
    let is_enough = || {
        n_done.set(n_done.get() + 1);
        n_done.get() == n_steps
    };
    run.follow(None, &mut NoReports, &is_enough).unwrap();
}

/// The run after it went through text and files.
fn reopened(config: &Config, mut run: TrainingRun) -> TrainingRun {
    let saved = serde_json::to_string(&run.save()).unwrap();
    let saved: SavedRun = serde_json::from_str(&saved).unwrap();
    let files = run.pipeline().to_files().unwrap();
    let pipeline = PipelineFiles::in_memory(Path::new("saved"), files).unwrap();
    let checkpoint = Checkpoint { pipeline, run: saved, tutor: None };
    TrainingRun::resume(&config.fill(&registry()).unwrap(), checkpoint, &registry(), &device()).unwrap()
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

/// Runs on a pool of its own.
fn on_threads<T: Send>(n_threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap().install(work)
}

fn whole(config: &Config) -> (Value, Vec<(String, Vec<u8>)>) {
    let mut run = start(config);
    follow(&mut run, usize::MAX);
    everything(&mut run)
}

#[test]
fn a_run_leaves_the_same_bytes_on_any_number_of_threads_and_wherever_it_is_resumed() {
    for library in ["hf", "curated"] {
        let config = config(library);
        let expected = on_threads(1, || whole(&config));
        assert!(on_threads(2, || whole(&config)) == expected, "{library}: on two threads");
        for n_steps in [1, 9] {
            let mut first = start(&config);
            follow(&mut first, n_steps);
            let mut second = reopened(&config, first);
            follow(&mut second, usize::MAX);
            let found = everything(&mut second);
            assert!(found.1 == expected.1, "{library}: other files after {n_steps} steps");
            assert!(found.0 == expected.0, "{library}: another state after {n_steps} steps");
        }
    }
}

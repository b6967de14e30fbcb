//! What batchers and loggers do with unusual settings.

use ner_config::{Block, ConfigError, Kind, Registry};
use ner_training::{
    Batcher, Evaluation, EventSink, Logger, Progress, ProgressBar, RunPlan, TrainingError, TrainingEvent,
    batches,
};

#[test]
fn streams_are_read_only_as_far_as_needed() {
    let mut batcher = batcher(sequence().with("size", 2)).unwrap();
    let mut batches = batches(&mut *batcher, 1.., |_| 1);
    assert_eq!(batches.next().unwrap().unwrap(), [1, 2]);
    assert_eq!(batches.next().unwrap().unwrap(), [3, 4]);
}

#[test]
fn sizes_that_end_or_hold_nothing_are_errors_after_the_last_good_batch() {
    let shrinking = schedule("compounding.v1").with("start", 2.0).with("stop", 0.0).with("compound", 0.4);
    let mut batcher = batcher(sequence().with("size", shrinking.table().clone())).unwrap();
    let mut batches = batches(&mut *batcher, 0..9, |_| 1);
    assert_eq!(batches.next().unwrap().unwrap(), [0, 1]);
    let error = batches.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "[training.batcher] size: found 0.8, expected at least 1 item in a batch");
    assert!(batches.next().is_none());
}

#[test]
fn sizes_are_whole_numbers() {
    let error = batcher(sequence().with("size", 2.5)).unwrap_err();
    let message = "training.batcher.size: found 2.5, expected a whole number of at least 0, or a schedule";
    assert_eq!(error.to_string(), message);
}

#[test]
fn progress_is_counted_from_the_evaluation() {
    let block = console_logger("spacy.ConsoleLogger.v2").with("progress_bar", true);
    let plan = RunPlan { max_steps: 100, eval_frequency: 10, ..RunPlan::default() };
    let mut events = Events::default();
    let mut log = logger(block).unwrap().start(&plan, &mut events).unwrap();
    log.evaluation(&Evaluation::default(), &mut events).unwrap();
    log.step(&mut events);
    log.finish(&mut events);
    let shown = |n_done| Some(Progress { bar: ProgressBar::Eval, epoch: 0, n_done, n_steps: 10 });
    let progress = events.0.iter().filter_map(|event| match event {
        TrainingEvent::Progress(progress) => Some(progress.clone()),
        _ => None,
    });
    assert_eq!(Vec::from_iter(progress), [None, shown(0), shown(1), None]);
}

#[test]
fn unknown_progress_bars_are_errors() {
    let error = logger(console_logger("spacy.ConsoleLogger.v3").with("progress_bar", "evl")).err().unwrap();
    let message =
        "training.logger.progress_bar: expected one of train, eval, found `evl`, did you mean `eval`?";
    assert_eq!(error.to_string(), message);
}

#[test]
fn existing_log_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    std::fs::write(&path, "kept").unwrap();
    let block = console_logger("spacy.ConsoleLogger.v3").with("output_file", path.to_str().unwrap());
    let mut events = Events::default();
    let mut log = logger(block).unwrap().start(&RunPlan::default(), &mut events).unwrap();
    log.evaluation(&Evaluation::default(), &mut events).unwrap();
    assert_eq!(events.0[0], TrainingEvent::LogFile { path: path.clone(), is_written: false });
    assert_eq!(std::fs::read_to_string(path).unwrap(), "kept");
}

#[test]
fn components_without_a_loss_are_errors() {
    let plan = RunPlan { trained: vec!["ner".to_owned()], ..RunPlan::default() };
    let mut events = Events::default();
    let mut log =
        logger(console_logger("spacy.ConsoleLogger.v3")).unwrap().start(&plan, &mut events).unwrap();
    let error = log.evaluation(&Evaluation::default(), &mut events).unwrap_err();
    assert!(matches!(error, TrainingError::NoLoss { component, .. } if component == "ner"));
}

#[test]
fn a_chain_reports_to_each_of_its_loggers() {
    let folder = tempfile::tempdir().unwrap();
    let (log, board) = (folder.path().join("log.jsonl"), folder.path().join("board"));
    let console =
        Block::function(Kind::Loggers, "spacy.ConsoleLogger.v3").with("output_file", log.to_str().unwrap());
    let tensor_board =
        Block::function(Kind::Loggers, "ner.TensorBoardLogger.v1").with("log_dir", board.to_str().unwrap());
    let chain = console_logger("spacy.ChainLogger.v1")
        .with("logger1", console.table().clone())
        .with("logger10", tensor_board.table().clone());
    let mut events = Events::default();
    let mut run = logger(chain).unwrap().start(&RunPlan::default(), &mut events).unwrap();
    run.evaluation(&Evaluation { step: 7, words: 10, seconds: 2.0, ..Evaluation::default() }, &mut events)
        .unwrap();
    run.step(&mut events);
    run.finish(&mut events);
    assert_eq!(std::fs::read_to_string(log).unwrap().lines().count(), 1);
    let [file] = &Vec::from_iter(std::fs::read_dir(board).unwrap())[..] else { panic!("there is one file") };
    let file = file.as_ref().unwrap();
    assert!(file.file_name().to_str().unwrap().starts_with("events.out.tfevents."));
    let bytes = std::fs::read(file.path()).unwrap();
    let speed = [b"words_per_second\x15", &5.0_f32.to_le_bytes()[..]].concat();
    assert!(bytes.windows(speed.len()).any(|window| window == speed));
}

#[test]
fn loggers_of_python_are_told_once_and_leave_the_table() {
    let wandb = console_logger("spacy.WandbLogger.v3").with("project_name", "new").with("entity", "us");
    let chain = console_logger("spacy.ChainLogger.v1").with("logger2", wandb.table().clone());
    for (block, n_rows) in [(wandb, 1), (chain, 0)] {
        let mut events = Events::default();
        let mut run = logger(block).unwrap().start(&RunPlan::default(), &mut events).unwrap();
        run.evaluation(&Evaluation::default(), &mut events).unwrap();
        assert!(
            matches!(&events.0[0], TrainingEvent::Unheard { logger, .. } if logger == "spacy.WandbLogger.v3")
        );
        let rows = events.0.iter().filter(|event| matches!(event, TrainingEvent::Row(_)));
        assert_eq!(rows.count(), n_rows);
    }
    let error = logger(console_logger("spacy.WandbLogger.v3").with("projectname", "new")).err().unwrap();
    assert!(error.to_string().contains("did you mean `project_name`?"), "{error}");
}

#[test]
fn a_chain_has_a_link() {
    let error = logger(console_logger("spacy.ChainLogger.v1")).err().unwrap().to_string();
    assert_eq!(error, "training.logger.logger1: expected a logger, and none is named up to logger10");
}

/// The events of a logger.
#[derive(Default)]
struct Events(Vec<TrainingEvent>);

impl EventSink for Events {
    fn event(&mut self, event: &TrainingEvent) {
        self.0.push(event.clone());
    }
}

fn sequence() -> Block {
    function("training.batcher", Kind::Batchers, "spacy.batch_by_sequence.v1")
}

fn schedule(name: &str) -> Block {
    Block::function(Kind::Schedules, name)
}

fn console_logger(name: &str) -> Block {
    function("training.logger", Kind::Loggers, name)
}

fn function(path: &str, kind: Kind, name: &str) -> Block {
    Block::new(path, Block::function(kind, name).table().clone())
}

fn batcher(block: Block) -> Result<Box<dyn Batcher>, ConfigError> {
    registry().build(Kind::Batchers, &block)
}

fn logger(block: Block) -> Result<Box<dyn Logger>, ConfigError> {
    registry().build(Kind::Loggers, &block)
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    ner_training::register(&mut registry);
    registry
}

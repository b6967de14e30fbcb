use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use burn::tensor::Device;
use ner_config::Registry;
use ner_files::{DirectoryLock, FileError};
use rayon::ThreadPoolBuilder;
use serde::Serialize;

use crate::run::{Run, RunFolder, RunOutcome, execute};
use crate::{StudyError, StudyEvent, StudySink};

/// What a study lays down in its folder.
const OWN: [&str; 5] = ["runs", "parts", "best.toml", "results.json", "predictions"];

/// Where the runs of a study are made, and with what.
pub struct Runner<'a> {
    folder: &'a Path,
    registry: &'a Registry,
    device: &'a Device,
    keeps_pipelines: bool,
    sink: &'a mut dyn StudySink,
    interrupted: &'a (dyn Fn() -> bool + Sync),
    _lock: DirectoryLock,
}

impl<'a> Runner<'a> {
    /// Runs in `folder`, on all threads of the current pool of rayon. What is finished there is taken as it is. Pipelines are
    /// removed when they are scored, unless they are to be kept.
    ///
    /// # Errors
    /// If the folder cannot be made, is in use, or holds something that is no part of a study.
    pub fn new(
        folder: &'a Path,
        registry: &'a Registry,
        device: &'a Device,
        keeps_pipelines: bool,
        sink: &'a mut dyn StudySink,
        interrupted: &'a (dyn Fn() -> bool + Sync),
    ) -> Result<Runner<'a>, StudyError> {
        std::fs::create_dir_all(folder).map_err(FileError::io(folder))?;
        let _lock = DirectoryLock::acquire(folder)?;
        for entry in ner_files::entries(folder)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            // Predictions have a file for each seed.
            if !OWN.iter().any(|own| name == *own || (*own == "predictions" && name.starts_with(own))) {
                return Err(StudyError::Occupied { folder: folder.to_owned(), found: name.into_owned() });
            }
        }
        Ok(Runner { folder, registry, device, keeps_pipelines, sink, interrupted, _lock })
    }

    /// The folder of the study.
    pub(crate) fn folder(&self) -> &'a Path {
        self.folder
    }

    /// What configs may name.
    pub(crate) fn registry(&self) -> &'a Registry {
        self.registry
    }

    /// Where networks compute.
    pub(crate) fn device(&self) -> &'a Device {
        self.device
    }

    /// Tells something.
    pub(crate) fn remark(&mut self, text: String) {
        self.sink.event(&StudyEvent::Remark(text));
    }

    /// Makes all runs that are not recorded yet, side by side, and returns what became of each.
    ///
    /// Each has a pool of threads of its own, so that none waits in the midst of another one. Since results do not depend on
    /// the number of threads, nor do they on what goes on beside a run.
    pub(crate) fn run(&mut self, runs: &[Run]) -> Result<Vec<RunOutcome>, StudyError> {
        let mut outcomes = Vec::new();
        for run in runs {
            let folder = RunFolder::of(self.folder, run);
            let found = folder.begin(run).and_then(|()| folder.record(run)).map_err(in_run(run))?;
            if found.is_some() && run.steps.is_none() {
                folder.clear_rest(self.keeps_pipelines).map_err(in_run(run))?;
            }
            outcomes.push(found);
        }
        let open: Vec<usize> = (0..runs.len()).filter(|&index| outcomes[index].is_none()).collect();
        let n_threads = rayon::current_num_threads();
        let n_side_by_side = n_threads.min(open.len()).max(1);
        let n_done = runs.len() - open.len();
        self.sink.event(&StudyEvent::Planned { n_runs: runs.len(), n_done, n_side_by_side });
        let crew = Crew {
            runs,
            open: &open,
            next: AtomicUsize::new(0),
            is_failed: AtomicBool::new(false),
            n_threads: n_threads / n_side_by_side,
            keeps_pipelines: self.keeps_pipelines,
            folder: self.folder,
            registry: self.registry,
            device: self.device,
            interrupted: self.interrupted,
        };
        let failure = thread::scope(|scope| {
            let (sender, reports) = mpsc::channel();
            for _ in 0..n_side_by_side.min(open.len()) {
                let (crew, sender) = (&crew, sender.clone());
                scope.spawn(move || crew.work(&sender));
            }
            drop(sender);
            let mut failure = None;
            for report in reports {
                match report {
                    Report::Started(index) => {
                        self.sink.event(&StudyEvent::Started { name: &runs[index].name });
                    }
                    Report::Finished(index, outcome) => {
                        outcomes[index] = Some(outcome);
                        let n_done = outcomes.iter().flatten().count();
                        let (name, n_runs) = (&runs[index].name, runs.len());
                        if let Some(outcome) = &outcomes[index] {
                            self.sink.event(&StudyEvent::Finished { name, outcome, n_done, n_runs });
                        }
                    }
                    Report::Failed(error) => _ = failure.get_or_insert(error),
                }
            }
            failure
        });
        if let Some(error) = failure {
            return Err(error);
        }
        outcomes.into_iter().collect::<Option<Vec<_>>>().ok_or(StudyError::Interrupted)
    }

    /// The same for a study that cannot do without any of them: it fails if one diverges.
    pub(crate) fn run_all(&mut self, runs: &[Run]) -> Result<Vec<RunOutcome>, StudyError> {
        let outcomes = self.run(runs)?;
        for (run, outcome) in runs.iter().zip(&outcomes) {
            if let RunOutcome::Diverged(message) = outcome {
                return Err(StudyError::Diverged { run: run.name.clone(), message: message.clone() });
            }
        }
        Ok(outcomes)
    }

    /// Writes the results of the study.
    pub(crate) fn write_results(&self, results: &impl Serialize) -> Result<(), StudyError> {
        let file = self.folder.join("results.json");
        let text = serde_json::to_string_pretty(results)
            .map_err(|error| StudyError::Record { file: file.clone(), message: error.to_string() })?;
        Ok(ner_files::write(&file, |out| writeln!(out, "{text}").map_err(FileError::io(&file)))?)
    }

    /// Removes what a run left to go on with, since it will not.
    pub(crate) fn give_up(&self, run: &Run) -> Result<(), StudyError> {
        RunFolder::of(self.folder, run).clear(self.keeps_pipelines)
    }
}

/// Those who work on the open runs, and what they share.
struct Crew<'a> {
    runs: &'a [Run],
    /// Indices of the runs that are to be made.
    open: &'a [usize],
    /// How many of them somebody has taken.
    next: AtomicUsize,
    is_failed: AtomicBool,
    /// Threads of each.
    n_threads: usize,
    keeps_pipelines: bool,
    folder: &'a Path,
    registry: &'a Registry,
    device: &'a Device,
    interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// What one of them has to tell.
enum Report {
    Started(usize),
    Finished(usize, RunOutcome),
    Failed(StudyError),
}

impl Crew<'_> {
    fn work(&self, sender: &Sender<Report>) {
        // The receiver lives until all senders are gone.
        let tell = |report| _ = sender.send(report);
        let pool = match ThreadPoolBuilder::new().num_threads(self.n_threads).build() {
            Ok(pool) => pool,
            Err(error) => return tell(Report::Failed(error.into())),
        };
        while !self.is_stopped() {
            let Some(&index) = self.open.get(self.next.fetch_add(1, Ordering::SeqCst)) else { return };
            let run = &self.runs[index];
            tell(Report::Started(index));
            let made = pool.install(|| {
                let outcome = execute(run, self.folder, self.registry, self.device, &|| self.is_stopped())?;
                if outcome.is_some() && run.steps.is_none() {
                    RunFolder::of(self.folder, run).clear(self.keeps_pipelines)?;
                }
                Ok(outcome)
            });
            match made {
                Ok(Some(outcome)) => tell(Report::Finished(index, outcome)),
                // It was stopped, and goes on in another call.
                Ok(None) => {}
                Err(error) => {
                    self.is_failed.store(true, Ordering::SeqCst);
                    tell(Report::Failed(in_run(run)(error)));
                }
            }
        }
    }

    /// Stopped from outside, or since a run of another one failed.
    fn is_stopped(&self) -> bool {
        self.is_failed.load(Ordering::SeqCst) || (self.interrupted)()
    }
}

/// Says which run an error is about; those about its folder say so themselves.
fn in_run(run: &Run) -> impl Fn(StudyError) -> StudyError + use<> {
    let name = run.name.clone();
    move |error| match error {
        error @ (StudyError::OtherRun { .. } | StudyError::Record { .. }) => error,
        error => StudyError::Run { run: name.clone(), source: Box::new(error) },
    }
}

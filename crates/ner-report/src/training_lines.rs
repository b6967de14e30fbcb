use std::collections::BTreeSet;

use ner_corpus::CorpusSummary;
use ner_training::{HalfChoice, LogRow, Progress, ProgressBar, RunPlan, TrainingData, TrainingEvent};

use crate::training_table::TrainingTable;
use crate::{Message, Table, memory_line};

/// The lines of a training run, as spaCy prints them.
#[derive(Clone, Debug, Default)]
pub struct TrainingLines {
    table: Option<TrainingTable>,
}

impl TrainingLines {
    /// The lines of an event; none for a progress bar.
    pub fn lines(&mut self, event: &TrainingEvent) -> Vec<Message> {
        match event {
            TrainingEvent::NothingToResume(directory) => {
                let directory = directory.display();
                vec![Message::Info(format!("Nothing to resume in {directory}: the run begins"))]
            }
            TrainingEvent::NotResumed(checkpoint) => {
                let checkpoint = checkpoint.display();
                vec![Message::Warning(format!(
                    "{checkpoint} is of an earlier run, which --resume would go on with; this one begins anew and replaces it"
                ))]
            }
            TrainingEvent::Resuming { step, changes } => {
                let changes = changes.iter().map(|change| Message::Info(change.to_string()));
                [Message::Info(format!("Resuming at step {step}"))].into_iter().chain(changes).collect()
            }
            TrainingEvent::AlreadyOver { step } => {
                vec![Message::Good(format!(
                    "The run has come to its end at step {step}: nothing is left to do (raise training.max_steps, \
                     max_epochs or patience to go on)"
                ))]
            }
            TrainingEvent::Initializing => vec![Message::Title("Initializing pipeline".to_owned())],
            TrainingEvent::Data(data) => {
                let findings = data.findings.iter().map(|finding| Message::Warning(finding.to_string()));
                [Message::Info(data_table(data))].into_iter().chain(findings).collect()
            }
            TrainingEvent::Fruitless(finding) => {
                let cause = match finding {
                    Some(finding) => format!("Nothing was found in the dev data: {finding}"),
                    None => "Nothing was found in the dev data: the run was too short, or learns too slowly; look at \
                             the losses above"
                        .to_owned(),
                };
                vec![Message::Warning(cause)]
            }
            TrainingEvent::Halves(halves) => vec![Message::Info(halves_line(halves))],
            TrainingEvent::Initialized => vec![Message::Good("Initialized pipeline".to_owned())],
            TrainingEvent::Memory(plan) => vec![Message::Info(memory_line(plan))],
            TrainingEvent::Teaching { teachers, n_texts, n_words, is_whole } => {
                let teachers: Vec<String> =
                    teachers.iter().map(|place| place.display().to_string()).collect();
                let rest = if *is_whole { "" } else { "; the rest is not read (distillation.max_words)" };
                vec![
                    Message::Info(format!("Teachers: {}", teachers.join(", "))),
                    Message::Info(format!("Raw text: {n_words} words in {n_texts} texts{rest}")),
                ]
            }
            TrainingEvent::Started { plan, .. } => started(plan),
            TrainingEvent::LogFile { path, is_written: true } => {
                vec![Message::Info(format!("Saving results to {}", path.display()))]
            }
            TrainingEvent::LogFile { path, is_written: false } => {
                let path = path.display();
                vec![Message::Warning(format!("Saving logs is disabled because {path} already exists."))]
            }
            TrainingEvent::Unheard { logger, instead } => {
                vec![Message::Warning(format!("{logger} is of Python and has no effect here: {instead}"))]
            }
            TrainingEvent::TableStarted { losses, scores } => {
                let table = self.table.insert(TrainingTable::new(losses, scores));
                vec![Message::Row(table.header()), Message::Row(table.rule())]
            }
            TrainingEvent::Row(row) => {
                let table = self.table.as_ref();
                table.map(|table| Message::Row(table.row(cells(row)))).into_iter().collect()
            }
            TrainingEvent::Evaluated(_) | TrainingEvent::Progress(_) => Vec::new(),
            TrainingEvent::Saved { path, is_interrupted } => {
                let warning =
                    "Interrupted: the state so far is saved as model-last; --resume goes on from here"
                        .to_owned();
                let warning = is_interrupted.then_some(Message::Warning(warning));
                let saved = Message::Good("Saved pipeline to output directory".to_owned());
                warning.into_iter().chain([saved, Message::Row(path.display().to_string())]).collect()
            }
        }
    }
}

/// The text beside a progress bar.
pub fn progress_description(progress: &Progress) -> String {
    match progress.bar {
        ProgressBar::Train => format!("Last Eval Epoch: {}", progress.epoch),
        ProgressBar::Eval => format!("Epoch {}", progress.epoch + 1),
    }
}

fn halves_line(halves: &[HalfChoice; 2]) -> String {
    let [first, second] = halves.each_ref().map(|half| match half.out_bias {
        0.0 => format!("step {}", half.step),
        bias => format!("step {} with {bias:+}", half.step),
    });
    let f = 100.0 * HalfChoice::total(halves).f;
    format!(
        "ENTS_F {f:.2} if each half of the dev data is scored by what the other half has chosen, the first {first}, the second \
         {second}"
    )
}

/// The counts of both corpora, with the entities of each label.
fn data_table(data: &TrainingData) -> String {
    let corpora = [&data.train, &data.dev];
    let mut table = Table::of_numbers();
    table.add(["", if data.is_sample { "train (first)" } else { "train" }, "dev"]);
    let mut add = |name: &str, count: &dyn Fn(&CorpusSummary) -> usize| {
        let counts = corpora.map(|corpus| count(corpus).to_string());
        table.add([name.to_owned()].into_iter().chain(counts));
    };
    add("documents", &|corpus| corpus.documents);
    add("annotated", &|corpus| corpus.annotated);
    add("without entity", &|corpus| corpus.empty);
    add("unknown", &|corpus| corpus.unknown());
    let labels: BTreeSet<&String> = corpora.iter().flat_map(|corpus| corpus.entities.keys()).collect();
    for label in labels {
        add(&format!("entities {label}"), &|corpus| corpus.entities.get(label).copied().unwrap_or_default());
    }
    if corpora.iter().any(|corpus| corpus.rejected > 0) {
        add("spans known to be wrong", &|corpus| corpus.rejected);
    }
    if corpora.iter().any(|corpus| corpus.spans_lost > 0) {
        add("spans lost", &|corpus| corpus.spans_lost);
    }
    format!("Data:{}", table.to_string().trim_end())
}

fn started(plan: &RunPlan) -> Vec<Message> {
    let named = |title: &str, names: &[String]| {
        (!names.is_empty()).then(|| Message::Info(format!("{title}: {}", python_list(names))))
    };
    [
        Some(Message::Title("Training pipeline".to_owned())),
        Some(Message::Info(format!("Pipeline: {}", python_list(&plan.pipeline)))),
        named("Frozen components", &plan.frozen),
        named("Set annotations on update for", &plan.annotating),
        Some(Message::Info(format!("Initial learn rate: {}", plan.learn_rate))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn python_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    format!("[{}]", quoted.join(", "))
}

fn cells(row: &LogRow) -> impl Iterator<Item = String> {
    let numbers = row.losses.values().chain(row.scores.values()).chain([&row.score]);
    // Python writes `nan` where Rust writes `NaN`.
    let numbers = numbers.map(|number| format!("{number:.2}").to_lowercase());
    [row.epoch.to_string(), row.step.to_string()].into_iter().chain(numbers)
}
